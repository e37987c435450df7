package io.github.dl4jnorms.experiments;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The versions this laboratory was built with; Maven writes them into {@code version.properties}. */
public final class Versions {
    private static final Properties BUILT = load();

    private Versions() {}

    public static String ours() {
        return BUILT.getProperty("norms");
    }

    public static String dl4j() {
        return BUILT.getProperty("dl4j");
    }

    private static Properties load() {
        Properties properties = new Properties();
        try (InputStream in = Versions.class.getResourceAsStream("version.properties")) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties;
    }
}
