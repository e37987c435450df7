package io.github.dl4jnorms.convert;

import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;

/** DL4J's layers around a layer: FrozenLayer, FrozenLayerWithBackprop, TimeDistributed and the like. */
final class Wrappers {

    private Wrappers() {}

    /** The layer inside, or the layer itself if it is no wrapper. */
    static Layer unwrap(Layer layer) {
        if (layer instanceof FrozenLayer frozen) {
            return unwrap(frozen.getLayer());
        }
        return layer instanceof BaseWrapperLayer wrapper ? unwrap(wrapper.getUnderlying()) : layer;
    }

    /** The same wrappers around another layer. */
    static Layer rewrap(Layer layer, Layer inside) {
        if (layer instanceof FrozenLayer frozen) {
            FrozenLayer copy = new FrozenLayer(rewrap(frozen.getLayer(), inside));
            copy.setLayerName(frozen.getLayerName());
            return copy;
        }
        if (layer instanceof BaseWrapperLayer wrapper) {
            BaseWrapperLayer copy = (BaseWrapperLayer) wrapper.clone();
            copy.setUnderlying(rewrap(wrapper.getUnderlying(), inside));
            return copy;
        }
        return inside;
    }
}
