package io.github.libco4j.compatibility.servers;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes the body of an upload as browsers do. */
final class Multipart {
    private static final String BOUNDARY = "----9a2f41c7";

    static final String TYPE = "multipart/form-data; boundary=" + BOUNDARY;

    private Multipart() {}

    /** A field and a file. */
    static byte[] body(String field, byte[] value, String file, byte[] content) {
        var body = new ByteArrayOutputStream();
        body.writeBytes(ascii("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + field + "\"\r\n\r\n"));
        body.writeBytes(value);
        body.writeBytes(ascii("\r\n--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + file + "\"; filename=\"a.bin\""
                + "\r\nContent-Type: application/octet-stream\r\n\r\n"));
        body.writeBytes(content);
        body.writeBytes(ascii("\r\n--" + BOUNDARY + "--\r\n"));
        return body.toByteArray();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
