package io.github.libco4j.internal.agent;

import io.github.libco4j.internal.jdk.Constants;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
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

    private final Unwoven unwoven;

    IdentityWeaver(Unwoven unwoven) {
        this.unwoven = unwoven;
    }

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
        } catch (RuntimeException e) {
            unwoven.add(name, "sees virtual threads as the current ones", e);
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
        Constants constants = Constants.of(bytes);
        int[] at = constants.at();
        int count = at.length;
        int found = 0;
        for (int i = 1; i < count; i++) {
            if (at[i] != 0 && bytes[at[i]] == 1) {
                found |= is(bytes, at[i], NAME) ? 1 : is(bytes, at[i], TYPE) ? 2 : is(bytes, at[i], THREAD) ? 4 : 0;
            }
        }
        if (found != 7) {
            return null;
        }
        int end = constants.end();
        byte[] changed = bytes.clone();
        int self = Constants.u2(bytes, end + 2);
        int parent = Constants.u2(bytes, end + 4);
        boolean isThread = parent != 0 && is(bytes, name(bytes, at, parent), THREAD);
        boolean any = false;
        for (int i = 1; i < count; i++) {
            if (at[i] != 0 && bytes[at[i]] == 10) {
                int owner = Constants.u2(bytes, at[i] + 1);
                int signature = at[Constants.u2(bytes, at[i] + 3)];
                if (is(bytes, at[Constants.u2(bytes, signature + 1)], NAME)
                        && is(bytes, at[Constants.u2(bytes, signature + 3)], TYPE)
                        && ((owner == self && isThread) || is(bytes, name(bytes, at, owner), THREAD))) {
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
    private static int name(byte[] bytes, int[] at, int type) {
        return at[Constants.u2(bytes, at[type] + 1)];
    }

    private static boolean is(byte[] bytes, int constant, byte[] text) {
        int length = Constants.u2(bytes, constant + 1);
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
