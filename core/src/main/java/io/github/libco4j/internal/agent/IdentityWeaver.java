package io.github.libco4j.internal.agent;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.instrument.ClassFileTransformer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.ProtectionDomain;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Has a program's classes call {@code RunThreads.currentThread} instead of {@code Thread.currentThread}, when they are loaded: code of
 * a thread that has become a coroutine sees the thread that the program has made. Each such call leads through one constant of
 * the class file, whose class is replaced; the instructions stay as they are, and references of methods are changed along.
 */
final class IdentityWeaver implements ClassFileTransformer {
    private static final String OWN = "io/github/libco4j/";
    private static final byte[] NAME = "currentThread".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TYPE = "()Ljava/lang/Thread;".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] THREAD = "java/lang/Thread".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] INSTEAD = "java/lang/RunThreads".getBytes(StandardCharsets.US_ASCII);

    @Override
    public byte @Nullable [] transform(
            @Nullable Module module,
            @Nullable ClassLoader loader,
            @Nullable String name,
            @Nullable Class<?> transformed,
            @Nullable ProtectionDomain domain,
            byte[] bytes) {
        if (loader == null || name == null || isOwn(name) || isOfJdk(module)) {
            return null;
        }
        try {
            return woven(bytes);
        } catch (RuntimeException e) { // The JVM would swallow it.
            System.getLogger("io.github.libco4j")
                    .log(Level.WARNING, name.replace('/', '.') + " sees virtual threads as the current ones, since it cannot be woven: " + e.getMessage());
            return null;
        }
    }

    /** Tells whether a class is libco4j's: of the API's package, or of an internal one. */
    private static boolean isOwn(String name) {
        return name.startsWith(OWN) && (name.startsWith("internal/", OWN.length()) || name.indexOf('/', OWN.length()) < 0);
    }

    private static boolean isOfJdk(@Nullable Module module) {
        String name = module == null ? null : module.getName();
        return name != null && (name.startsWith("java.") || name.startsWith("jdk."));
    }

    /** The class file with other constants; null if it has no such call. */
    static byte @Nullable [] woven(byte[] bytes) {
        ByteBuffer file = ByteBuffer.wrap(bytes);
        int count = file.getShort(8) & 0xffff;
        int[] at = new int[count];
        int end = 10;
        int found = 0;
        for (int i = 1; i < count; i++) {
            at[i] = end;
            switch (bytes[end]) {
                case 1 -> {
                    found |= is(bytes, end, NAME) ? 1 : is(bytes, end, TYPE) ? 2 : is(bytes, end, THREAD) ? 4 : 0;
                    end += 3 + (file.getShort(end + 1) & 0xffff);
                }
                case 5, 6 -> {
                    end += 9;
                    i++;
                }
                case 7, 8, 16, 19, 20 -> end += 3;
                case 15 -> end += 4;
                default -> end += 5;
            }
        }
        if (found != 7) {
            return null;
        }
        byte[] changed = bytes.clone();
        int self = file.getShort(end + 2) & 0xffff;
        int parent = file.getShort(end + 4) & 0xffff;
        boolean isThread = parent != 0 && is(bytes, name(file, at, parent), THREAD);
        boolean any = false;
        for (int i = 1; i < count; i++) {
            if (at[i] != 0 && bytes[at[i]] == 10) {
                int owner = file.getShort(at[i] + 1) & 0xffff;
                int signature = at[file.getShort(at[i] + 3) & 0xffff];
                if (is(bytes, at[file.getShort(signature + 1) & 0xffff], NAME)
                        && is(bytes, at[file.getShort(signature + 3) & 0xffff], TYPE)
                        && ((owner == self && isThread) || is(bytes, name(file, at, owner), THREAD))) {
                    ByteBuffer.wrap(changed).putShort(at[i] + 1, (short) (count + 1));
                    any = true;
                }
            }
        }
        if (any && count > 0xffff - 2) {
            throw new IllegalArgumentException("it has " + count + " constants, and no room for two more");
        }
        return any ? withClass(changed, count, end) : null;
    }

    /** Where the name of a class stands. */
    private static int name(ByteBuffer file, int[] at, int type) {
        return at[file.getShort(at[type] + 1) & 0xffff];
    }

    private static boolean is(byte[] bytes, int constant, byte[] text) {
        int length = ((bytes[constant + 1] & 0xff) << 8) | (bytes[constant + 2] & 0xff);
        return length == text.length && Arrays.equals(bytes, constant + 3, constant + 3 + length, text, 0, length);
    }

    /** Adds the class's name and the class to the constants, which end there. */
    private static byte[] withClass(byte[] bytes, int count, int end) {
        var out = new ByteArrayOutputStream(bytes.length + INSTEAD.length + 6);
        try (var data = new DataOutputStream(out)) {
            data.write(bytes, 0, 8);
            data.writeShort(count + 2);
            data.write(bytes, 10, end - 10);
            data.writeByte(1);
            data.writeShort(INSTEAD.length);
            data.write(INSTEAD);
            data.writeByte(7);
            data.writeShort(count);
            data.write(bytes, end, bytes.length - end);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toByteArray();
    }
}
