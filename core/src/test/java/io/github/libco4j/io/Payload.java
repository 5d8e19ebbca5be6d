package io.github.libco4j.io;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.ScatteringByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.SplittableRandom;
import java.util.zip.CRC32;

/** Many bytes, made of a seed, and their checksum. */
final class Payload {
    static final int LENGTH = 6 << 20;

    private Payload() {}

    static byte[] bytes(long seed) {
        byte[] bytes = new byte[LENGTH];
        new SplittableRandom(seed).nextBytes(bytes);
        return bytes;
    }

    static long checksum(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return crc.getValue();
    }

    static void write(OutputStream out, byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    static long read(InputStream in) throws IOException {
        return checksum(in.readNBytes(LENGTH));
    }

    static void write(WritableByteChannel channel, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    static long read(ReadableByteChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(LENGTH);
        while (buffer.hasRemaining() && channel.read(buffer) >= 0) {}
        return checksum(buffer.array());
    }

    /** Writes from three buffers; each write takes something. */
    static void gather(GatheringByteChannel channel, byte[] bytes) throws IOException {
        ByteBuffer[] buffers = thirds(bytes);
        while (buffers[2].hasRemaining()) {
            if (channel.write(buffers) <= 0) {
                throw new IOException("nothing written");
            }
        }
    }

    /** Reads into three buffers; each read brings something. */
    static long scatter(ScatteringByteChannel channel) throws IOException {
        byte[] bytes = new byte[LENGTH];
        ByteBuffer[] buffers = thirds(bytes);
        while (buffers[2].hasRemaining()) {
            if (channel.read(buffers) <= 0) {
                throw new IOException("nothing read");
            }
        }
        return checksum(bytes);
    }

    private static ByteBuffer[] thirds(byte[] bytes) {
        int third = bytes.length / 3;
        return new ByteBuffer[] {
            ByteBuffer.wrap(bytes, 0, third),
            ByteBuffer.wrap(bytes, third, third),
            ByteBuffer.wrap(bytes, 2 * third, bytes.length - 2 * third)
        };
    }
}
