package io.github.dl4jnorms.datasets.detection;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.ErrorHandler;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

/**
 * The content of one Pascal VOC annotation file, in any layout of its tags.
 *
 * <p>VOC counts pixels from 1 and includes the last one, so the annotation {@code xmin, xmax} covers the continuous
 * interval {@code [xmin − 1, xmax]}: {@code 1, width} is the whole image. Fractional coordinates are taken the same way.
 * A box whose {@code xmax} is not greater than its {@code xmin} (or {@code ymax} than {@code ymin}) is taken for a slip
 * of the annotator, as no object is a single pixel wide.
 *
 * @param fileName the image file's name, empty when the annotation gives none
 * @param width the image's width by the annotation, 0 when it gives none
 * @param height the image's height by the annotation, 0 when it gives none
 * @param objects the well-formed objects, not clipped
 */
public record VocAnnotation(String fileName, int width, int height, List<BoxAnnotation> objects) {

    public VocAnnotation {
        objects = List.copyOf(objects);
    }

    /**
     * Reads an annotation. A DOCTYPE is refused, so nothing outside the file is ever fetched.
     *
     * @param file the XML file
     * @param problems takes one line for each object that had to be dropped
     * @throws IOException if the file is missing, not XML, or not an annotation; the message does not repeat the path
     */
    public static VocAnnotation read(Path file, Consumer<String> problems) throws IOException {
        Element root = parse(file).getDocumentElement();
        if (!root.getTagName().equals("annotation")) {
            throw new IOException("the root element is <" + root.getTagName() + ">, not <annotation>");
        }
        List<BoxAnnotation> boxes = new ArrayList<>();
        List<Element> objects = children(root, "object");
        for (int i = 0; i < objects.size(); i++) {
            Element object = objects.get(i);
            try {
                boxes.add(box(object));
            } catch (IllegalArgumentException e) {
                problems.accept("object " + (i + 1) + " ("
                        + text(object, "name").orElse("without a name") + ") dropped: " + e.getMessage());
            }
        }
        Optional<Element> size = child(root, "size");
        return new VocAnnotation(
                text(root, "filename").orElse(""),
                size.map(s -> pixels(s, "width")).orElse(0),
                size.map(s -> pixels(s, "height")).orElse(0),
                boxes);
    }

    /**
     * Writes this annotation; the boxes, which must have integral coordinates to survive, become VOC's 1-based pixels.
     *
     * @throws IOException if the file cannot be written
     */
    public void write(Path file) throws IOException {
        try {
            Document document = builder().newDocument();
            Element root = document.createElement("annotation");
            document.appendChild(root);
            append(root, "filename", fileName);
            Element size = append(root, "size", null);
            append(size, "width", Integer.toString(width));
            append(size, "height", Integer.toString(height));
            append(size, "depth", "3");
            for (BoxAnnotation b : objects) {
                Element object = append(root, "object", null);
                append(object, "name", b.name());
                append(object, "difficult", b.difficult() ? "1" : "0");
                Element box = append(object, "bndbox", null);
                append(box, "xmin", Integer.toString(Math.round(b.xMin()) + 1));
                append(box, "ymin", Integer.toString(Math.round(b.yMin()) + 1));
                append(box, "xmax", Integer.toString(Math.round(b.xMax())));
                append(box, "ymax", Integer.toString(Math.round(b.yMax())));
            }
            Transformer transformer = TransformerFactory.newInstance().newTransformer();
            transformer.setOutputProperty(OutputKeys.INDENT, "yes");
            transformer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
            try (var out = Files.newOutputStream(file)) {
                transformer.transform(new DOMSource(document), new StreamResult(out));
            }
        } catch (TransformerException e) {
            throw new IOException("cannot write " + file, e);
        }
    }

    private static BoxAnnotation box(Element object) {
        String name = text(object, "name").orElseThrow(() -> new IllegalArgumentException("no <name>"));
        Element box = child(object, "bndbox").orElseThrow(() -> new IllegalArgumentException("no <bndbox>"));
        double xMin = coordinate(box, "xmin");
        double yMin = coordinate(box, "ymin");
        double xMax = coordinate(box, "xmax");
        double yMax = coordinate(box, "ymax");
        if (xMax <= xMin || yMax <= yMin) {
            throw new IllegalArgumentException(
                    "its box x " + xMin + " to " + xMax + ", y " + yMin + " to " + yMax + " has no area");
        }
        String difficult = text(object, "difficult").orElse("0");
        return new BoxAnnotation(
                name,
                (float) (xMin - 1),
                (float) (yMin - 1),
                (float) xMax,
                (float) yMax,
                difficult.equals("1") || difficult.equalsIgnoreCase("true"));
    }

    private static double coordinate(Element box, String tag) {
        String text = text(box, tag).orElseThrow(() -> new IllegalArgumentException("no <" + tag + ">"));
        double value;
        try {
            value = Double.parseDouble(text);
        } catch (NumberFormatException e) {
            value = Double.NaN;
        }
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("<" + tag + "> is '" + text + "', not a number");
        }
        return value;
    }

    /** The size is only ever compared with the file's, so a broken one is the same as none. */
    private static int pixels(Element size, String tag) {
        try {
            return (int) Double.parseDouble(text(size, tag).orElse("0"));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static Document parse(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return builder().parse(in);
        } catch (SAXParseException e) {
            throw new IOException("not readable as XML: line " + e.getLineNumber() + ": " + e.getMessage(), e);
        } catch (SAXException e) {
            throw new IOException("not readable as XML: " + e.getMessage(), e);
        }
    }

    private static DocumentBuilder builder() {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            factory.setXIncludeAware(false);
            DocumentBuilder builder = factory.newDocumentBuilder();
            builder.setErrorHandler(THROWING);
            return builder;
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("the JDK's XML parser lacks a standard feature", e);
        }
    }

    /** The parser's own handler prints to stderr. */
    private static final ErrorHandler THROWING = new ErrorHandler() {
        @Override
        public void warning(SAXParseException e) {}

        @Override
        public void error(SAXParseException e) throws SAXException {
            throw e;
        }

        @Override
        public void fatalError(SAXParseException e) throws SAXException {
            throw e;
        }
    };

    /** Direct children only: VOC's body parts are objects' children with a name and a box of their own. */
    private static List<Element> children(Element parent, String tag) {
        NodeList nodes = parent.getChildNodes();
        return IntStream.range(0, nodes.getLength())
                .mapToObj(nodes::item)
                .filter(node -> node.getNodeType() == Node.ELEMENT_NODE)
                .map(Element.class::cast)
                .filter(element -> element.getTagName().equals(tag))
                .toList();
    }

    private static Optional<Element> child(Element parent, String tag) {
        return children(parent, tag).stream().findFirst();
    }

    private static Optional<String> text(Element parent, String tag) {
        return child(parent, tag).map(e -> e.getTextContent().strip()).filter(s -> !s.isEmpty());
    }

    private static Element append(Element parent, String tag, String text) {
        Element element = parent.getOwnerDocument().createElement(tag);
        if (text != null) {
            element.setTextContent(text);
        }
        parent.appendChild(element);
        return element;
    }
}
