package io.github.libco4j.compatibility;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * What a page says of a library that was tried.
 *
 * @param library its name
 * @param version its version
 * @param against the real thing at the other end
 * @param asked what was tried
 * @param set what a user has to set; empty if nothing
 */
public record Row(String library, String version, String against, String asked, String set) {
    private static final Properties VERSIONS = versions();

    /** The version of a library as the pom has it; its key in versions.properties. */
    public static String version(String key) {
        String version = VERSIONS.getProperty(key);
        if (version == null || version.startsWith("$")) {
            throw new IllegalArgumentException("versions.properties has no version of " + key + ": " + version);
        }
        return version;
    }

    private static Properties versions() {
        var properties = new Properties();
        try (InputStream in = Row.class.getResourceAsStream("/versions.properties")) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties;
    }
}
