/**
 * Pictures from files and folders, as people have them.
 *
 * <p>{@link io.github.dl4jnorms.datasets.images.ImageFile} reads one, whatever its kind and size;
 * {@link io.github.dl4jnorms.datasets.images.ImageFolder} finds those of a folder and says which cannot be used;
 * {@link io.github.dl4jnorms.datasets.images.CropRecordReader} cuts random pieces of one size from them, and
 * {@link io.github.dl4jnorms.datasets.images.ImagePairIterator} batches those of two folders in pairs.
 */
package io.github.dl4jnorms.datasets.images;
