package io.github.libco4j.examples.kv;

/**
 * How much one request may claim before its connection is closed with a protocol error.
 *
 * @param maxBulkBytes the longest single argument, in bytes
 * @param maxArguments the most arguments of one request, the command's name included
 * @param maxInlineBytes the longest inline request, in bytes without its line end
 * @param maxRequestBytes the most bytes that all arguments of one request may have together
 */
public record Limits(int maxBulkBytes, int maxArguments, int maxInlineBytes, int maxRequestBytes) {
    /** One MiB an argument, 65,536 arguments, 64 KiB a line, 16 MiB a request. */
    public static final Limits DEFAULTS = new Limits(1 << 20, 1 << 16, 1 << 16, 1 << 24);

    /** Rejects limits under which no request could pass. */
    public Limits {
        if (maxBulkBytes < 1 || maxArguments < 1 || maxInlineBytes < 1 || maxRequestBytes < maxBulkBytes) {
            throw new IllegalArgumentException("limits must be positive, and a request's not below an argument's: "
                    + "bulk " + maxBulkBytes + ", arguments " + maxArguments + ", inline " + maxInlineBytes
                    + ", request " + maxRequestBytes);
        }
    }
}
