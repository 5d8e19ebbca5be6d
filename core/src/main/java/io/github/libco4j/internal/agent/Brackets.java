package io.github.libco4j.internal.agent;

import io.github.libco4j.internal.jdk.Constants;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Changes the code of methods in a class file. Either puts brackets of {@code BlockingCalls} around whole methods: {@code enter()} comes
 * first, {@code leave()} before each return and in a handler for everything else. A native method gets its bracket by a method in its place,
 * which calls the native one by another name. Or puts {@link Hook}s at the beginning of methods, or before their returns.
 *
 * <p>This reads and writes the bytes itself. The loading of {@code java.lang.classfile}, and its interpreted work, would take
 * some 100 ms of CPU of each start.
 */
class Brackets {
    /** What the JVM leaves out of the name of a native method, when it looks for its code. */
    static final String PREFIX = "libco4j$";

    private static final int PRIVATE = 0x0002;
    private static final int NATIVE = 0x0100;
    private static final int STATIC = 0x0008;
    private static final int RETURNS = 172; // The first of six instructions.
    private static final int INVOKESPECIAL = 183;
    private static final int INVOKESTATIC = 184;
    private static final int ATHROW = 191;
    private static final byte ALOAD_0 = 42;
    private static final byte ASTORE_0 = 75;

    /** If the int is 0, goes on after the next instruction, which returns. */
    private static final byte[] IF_SO_RETURN = {(byte) 153, 0, 4, (byte) 177};

    private final byte[] in;

    /** Where each constant begins. */
    private final int[] constants;

    /** Where the constants end. */
    private final int afterConstants;

    private int numberOfConstants;
    private final ByteBuffer newConstants;
    private final ByteBuffer out;

    private final int nameOfCode;
    private final int nameOfFrames;
    private final int throwable;
    private final int enter;
    private final int leave;

    // What is put into the code of the method that is being written.

    /** The instructions at its beginning. */
    private byte[] prologue;

    /** The instructions before each return. */
    private byte[] epilogue;

    /** True if the epilogue is also for whatever is thrown. */
    private boolean handles = true;

    /** True if the prologue has a branch to the end of itself. */
    private boolean branches;

    /** The constant of a method that is called instead of another one; 0 for none. */
    private int instead;

    /** The constant of that other one. */
    private int replaced;

    /** Reads a class file. */
    Brackets(byte[] in) {
        this.in = in;
        this.out = ByteBuffer.allocate(3 * in.length + 1024);
        this.newConstants = ByteBuffer.allocate(in.length + 1024);
        this.numberOfConstants = u2(8);
        Constants there = Constants.of(in);
        this.constants = there.at();
        this.afterConstants = there.end();
        this.nameOfCode = utf8("Code");
        this.nameOfFrames = utf8("StackMapTable");
        this.throwable = constant(7, utf8("java/lang/Throwable"));
        int calls = constant(7, utf8("java/lang/BlockingCalls"));
        this.enter = method(calls, utf8("enter"), utf8("()V"));
        this.leave = method(calls, utf8("leave"), utf8("()V"));
        this.prologue = call(enter);
        this.epilogue = call(leave);
    }

    private static byte[] call(int method) {
        return new byte[] {(byte) INVOKESTATIC, (byte) (method >> 8), (byte) method};
    }

    private int u2(int at) {
        return Constants.u2(in, at);
    }

    private int u4(int at) {
        return (u2(at) << 16) | u2(at + 2);
    }

    private String string(int constant) {
        int at = constants[constant];
        return new String(in, at + 3, u2(at + 1), StandardCharsets.UTF_8);
    }

    private int constant(int tag, int... parts) {
        newConstants.put((byte) tag);
        for (int part : parts) {
            newConstants.putShort((short) part);
        }
        return numberOfConstants++;
    }

    private int utf8(String string) {
        byte[] bytes = string.getBytes(StandardCharsets.UTF_8);
        int index = constant(1, bytes.length);
        newConstants.put(bytes);
        return index;
    }

    private int method(int type, int name, int descriptor) {
        return constant(10, type, constant(12, name, descriptor));
    }

    private int afterAttributes(int at) {
        int end = at + 2;
        for (int left = u2(at); left > 0; left--) {
            end += 6 + u4(end + 2);
        }
        return end;
    }

    private int afterMember(int at) {
        return afterAttributes(at + 6);
    }

    /** Where the number of methods stands. */
    private int methods() {
        int at = afterConstants + 8 + 2 * u2(afterConstants + 6);
        int end = at;
        end += 2;
        for (int left = u2(at); left > 0; left--) {
            end = afterMember(end);
        }
        return end;
    }

    /**
     * Puts brackets around methods; constructors and class initialisers get none.
     *
     * @param names the methods; empty, in the JDK, for all that call native methods of their own class
     * @param library true if this is a class of a library: native methods may get brackets too; empty is for all of these
     * @return the new class file; null if no method has got a bracket
     */
    byte @Nullable [] around(Set<String> names, boolean library) {
        int begin = methods();
        boolean[] calls = names.isEmpty() && !library ? callsOfNatives(begin) : new boolean[0];
        int number = u2(begin);
        int done = 0;
        int at = begin + 2;
        for (int left = u2(begin); left > 0; left--) {
            int end = afterMember(at);
            String name = string(u2(at + 2));
            boolean isNative = (u2(at) & NATIVE) != 0;
            if (name.startsWith("<")
                    || (isNative ? !library : code(at) == 0)
                    || !(names.isEmpty() ? isNative || (!library && hasCall(at, calls)) : names.contains(name))) {
                out.put(in, at, end - at);
            } else if (isNative) {
                aroundNative(at, end, name);
                number++;
                done++;
            } else {
                aroundCode(at, end);
                done++;
            }
            at = end;
        }
        return done == 0 ? null : file(begin, number, at);
    }

    /** What a hook does in its method. */
    enum Kind {
        /** Gets what the method is about to return, and then the object if it has one, and gives what is returned. */
        ON_RETURN,
        /** Gets the object and the first argument, at the beginning. */
        ON_ENTRY,
        /** Gets the object and the first argument, if there is one; if it returns true, the method is over. */
        IN_PLACE,
        /** Gets the first argument of a static method, and gives what is taken for it. */
        ON_ARGUMENT,
        /** Is called instead of {@code Thread.currentThread}. */
        OF_CURRENT
    }

    /** A static method that is woven into another one. */
    record Hook(String name, Kind kind) {}

    /**
     * Puts hooks into methods.
     *
     * @param type the class that has the hooks
     * @param hooks by the method's name and descriptor
     * @param done gets these of each method that has got its hook
     */
    byte[] with(String type, Map<String, Hook> hooks, Consumer<String> done) {
        int begin = methods();
        int owner = constant(7, utf8(type));
        handles = false;
        int at = begin + 2;
        for (int left = u2(begin); left > 0; left--) {
            int end = afterMember(at);
            String method = string(u2(at + 2)) + string(u2(at + 4));
            Hook hook = hooks.get(method);
            if (hook == null) {
                out.put(in, at, end - at);
            } else {
                set(owner, hook, string(u2(at + 4)), (u2(at) & STATIC) != 0);
                aroundCode(at, end);
                done.accept(method);
            }
            at = end;
        }
        return file(begin, u2(begin), at);
    }

    private void set(int owner, Hook hook, String descriptor, boolean isStatic) {
        prologue = new byte[0];
        epilogue = prologue;
        instead = 0;
        branches = false;
        String self = "L" + string(u2(constants[u2(afterConstants + 2)] + 1)) + ";";
        String returned = descriptor.substring(descriptor.indexOf(')') + 1);
        String first = descriptor.startsWith("(L") ? descriptor.substring(1, descriptor.indexOf(';') + 1) : "";
        int name = utf8(hook.name);
        switch (hook.kind) {
            case ON_RETURN -> {
                int method = method(owner, name, utf8("(" + returned + (isStatic ? "" : self) + ")" + returned));
                epilogue = isStatic ? call(method) : join(new byte[] {ALOAD_0}, call(method));
            }
            case ON_ENTRY -> prologue = join(
                    new byte[] {ALOAD_0, ALOAD_0 + 1}, call(method(owner, name, utf8("(" + self + first + ")V"))));
            case IN_PLACE -> {
                byte[] arguments = first.isEmpty() ? new byte[] {ALOAD_0} : new byte[] {ALOAD_0, ALOAD_0 + 1};
                prologue = join(arguments, call(method(owner, name, utf8("(" + self + first + ")Z"))), IF_SO_RETURN);
                branches = true;
            }
            case ON_ARGUMENT -> prologue = join(
                    new byte[] {ALOAD_0}, call(method(owner, name, utf8("(" + first + ")" + first))), new byte[] {ASTORE_0});
            case OF_CURRENT -> {
                instead = method(owner, name, utf8("()Ljava/lang/Thread;"));
                replaced = constantOf("java/lang/Thread", "currentThread");
            }
        }
    }

    private static byte[] join(byte[]... parts) {
        ByteBuffer all = ByteBuffer.allocate(16);
        for (byte[] part : parts) {
            all.put(part);
        }
        return Arrays.copyOf(all.array(), all.position());
    }

    /** The constant by which the class calls a method of a class; 0 if it does not. */
    private int constantOf(String type, String method) {
        for (int i = 1; i < constants.length; i++) {
            int constant = constants[i];
            if (constant != 0
                    && in[constant] == 10
                    && string(u2(constants[u2(constant + 1)] + 1)).equals(type)
                    && string(u2(constants[u2(constant + 3)] + 1)).equals(method)) {
                return i;
            }
        }
        return 0;
    }

    private byte[] file(int begin, int numberOfMethods, int rest) {
        ByteBuffer file = ByteBuffer.allocate(in.length + newConstants.position() + out.position());
        file.put(in, 0, 8).putShort((short) numberOfConstants).put(in, 10, afterConstants - 10).put(newConstants.flip());
        file.put(in, afterConstants, begin - afterConstants).putShort((short) numberOfMethods).put(out.flip());
        file.put(in, rest, in.length - rest);
        byte[] bytes = new byte[file.position()];
        file.get(0, bytes);
        return bytes;
    }

    /** By number of a constant: whether it is a native method of this class. */
    private boolean[] callsOfNatives(int begin) {
        Set<String> natives = new HashSet<>();
        int at = begin + 2;
        for (int left = u2(begin); left > 0; left--) {
            if ((u2(at) & NATIVE) != 0) {
                natives.add(string(u2(at + 2)) + string(u2(at + 4)));
            }
            at = afterMember(at);
        }
        boolean[] calls = new boolean[constants.length];
        for (int i = 1; i < constants.length; i++) {
            int constant = constants[i];
            if (constant != 0 && in[constant] == 10 && u2(constant + 1) == u2(afterConstants + 2)) {
                int method = constants[u2(constant + 3)];
                calls[i] = natives.contains(string(u2(method + 1)) + string(u2(method + 3)));
            }
        }
        return calls;
    }

    /** Where the content of a method's code attribute begins; 0 if it has none. */
    private int code(int method) {
        int at = method + 8;
        for (int left = u2(method + 6); left > 0; left--) {
            if (string(u2(at)).equals("Code")) {
                return at + 6;
            }
            at += 6 + u4(at + 2);
        }
        return 0;
    }

    /** Tells whether a method has such a call. Operands that look like one would bring it a bracket that it does not need. */
    private boolean hasCall(int method, boolean[] calls) {
        int code = code(method);
        for (int at = code + 8, left = code == 0 ? 0 : u4(code + 4) - 3; left > 0; at++, left--) {
            int op = in[at] & 0xff;
            if (op >= INVOKESPECIAL - 1 && op <= INVOKESTATIC) {
                int constant = u2(at + 1);
                if (constant < calls.length && calls[constant]) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The length of an instruction. */
    private int length(int at, int code) {
        int op = in[at] & 0xff;
        return switch (op) {
            case 16, 18, 21, 22, 23, 24, 25, 54, 55, 56, 57, 58, 169, 188 -> 2;
            case 17, 19, 20, 132, 187, 189, 192, 193, 198, 199 -> 3;
            case 170, 171 -> {
                int operands = operands(at - code) + code;
                yield operands - at + (op == 170 ? 12 + 4 * (u4(operands + 8) - u4(operands + 4) + 1) : 8 + 8 * u4(operands + 4));
            }
            case 185, 186, 200, 201 -> 5;
            case 196 -> in[at + 1] == (byte) 132 ? 6 : 4;
            case 197 -> 4;
            default -> (op >= 153 && op <= 168) || (op >= 178 && op <= 184) ? 3 : 1;
        };
    }

    /** Where the operands of a switch begin. */
    private static int operands(int pc) {
        return (pc + 4) & ~3;
    }

    private static boolean isReturn(byte op) {
        return (op & 0xff) >= RETURNS && (op & 0xff) < RETURNS + 6;
    }

    private void aroundCode(int method, int end) {
        int code = code(method);
        out.put(in, method, code - 4 - method);
        int sizeAt = out.position();
        out.putInt(0).putShort((short) Math.max(2, u2(code) + 1)).putShort((short) u2(code + 2));
        int exceptions = code + 8 + u4(code + 4);
        int[] moved = instructions(code + 8, exceptions);
        int from = prologue.length;
        int number = u2(exceptions);
        int numberAt = out.position();
        out.putShort((short) 0);
        for (int i = 0; i < number; i++) {
            int each = exceptions + 2 + 8 * i;
            exception(moved[u2(each)], moved[u2(each + 2)], moved[u2(each + 4)], u2(each + 6));
        }
        int length = moved.length - 1;
        for (int pc = 0; handles && pc <= length; pc++) {
            if (pc == length || (moved[pc] != 0 && isReturn(in[code + 8 + pc]))) {
                if (from < moved[pc]) { // What leave() throws goes on.
                    exception(from, moved[pc], moved[length], 0);
                    number++;
                }
                from = moved[pc] + epilogue.length + 1;
            }
        }
        out.putShort(numberAt, (short) number);
        attributes(exceptions + 2 + 8 * u2(exceptions), moved);
        out.putInt(sizeAt, out.position() - sizeAt - 4);
        int next = code + u4(code - 4);
        out.put(in, next, end - next);
    }

    private void exception(int from, int to, int handler, int type) {
        out.putShort((short) from).putShort((short) to).putShort((short) handler).putShort((short) type);
    }


    /** Writes the instructions. Returns where each has come to lie; 0 for what is none. */
    private int[] instructions(int from, int to) {
        int[] moved = new int[to - from + 1];
        int shift = prologue.length;
        for (int at = from, length; at < to; at += length) {
            length = length(at, from);
            int pc = at - from;
            int op = in[at] & 0xff;
            moved[pc] = pc + shift;
            if (isReturn(in[at])) {
                shift += epilogue.length;
            } else if (op == 170 || op == 171) {
                shift = operands(moved[pc]) - operands(pc);
            }
        }
        moved[to - from] = to - from + shift;
        out.putInt(moved[to - from] + (handles ? epilogue.length + 1 : 0));
        out.put(prologue);
        for (int at = from, length; at < to; at += length) {
            int op = in[at] & 0xff;
            int pc = at - from;
            length = 1;
            while (moved[pc + length] == 0) {
                length++;
            }
            if (isReturn(in[at])) {
                out.put(epilogue);
            }
            if (op == 170 || op == 171) {
                aSwitch(at, pc, length, moved);
            } else if ((op >= 153 && op <= 168) || op == 198 || op == 199) {
                out.put(in[at]).putShort((short) (moved[pc + (short) u2(at + 1)] - moved[pc]));
            } else if (op == INVOKESTATIC && instead != 0 && u2(at + 1) == replaced) {
                out.put(call(instead));
            } else if (op == 200 || op == 201) {
                out.put(in[at]).putInt(moved[pc + u4(at + 1)] - moved[pc]);
            } else {
                out.put(in, at, length);
            }
        }
        if (handles) {
            out.put(epilogue);
            out.put((byte) ATHROW);
        }
        return moved;
    }

    private void aSwitch(int at, int pc, int length, int[] moved) {
        out.put(in[at]);
        for (int pad = operands(moved[pc]) - moved[pc] - 1; pad > 0; pad--) {
            out.put((byte) 0);
        }
        boolean table = in[at] == (byte) 170;
        int first = at - pc + operands(pc);
        for (int each = first, i = 0; each < at + length; each += 4, i++) {
            boolean target = i == 0 || (table ? i >= 3 : i >= 2 && i % 2 == 1);
            out.putInt(target ? moved[pc + u4(each)] - moved[pc] : u4(each));
        }
    }

    /** Writes the attributes of code. Those that only a debugger reads are left out, but for the numbers of lines. */
    private void attributes(int begin, int[] moved) {
        int numberAt = out.position();
        out.putShort((short) 1);
        int frames = 0;
        int at = begin + 2;
        for (int left = u2(begin); left > 0; left--) {
            String name = string(u2(at));
            if (name.equals("StackMapTable")) {
                frames = at + 6;
            } else if (name.equals("LineNumberTable")) {
                out.put(in, at, 8);
                for (int i = 0; i < u2(at + 6); i++) {
                    out.putShort((short) moved[u2(at + 8 + 4 * i)]).putShort((short) u2(at + 10 + 4 * i));
                }
                out.putShort(numberAt, (short) (out.getShort(numberAt) + 1));
            }
            at += 6 + u4(at + 2);
        }
        out.putShort((short) nameOfFrames);
        int sizeAt = out.position();
        int added = (handles ? 1 : 0) + (branches ? 1 : 0);
        out.putInt(0).putShort((short) (added + (frames == 0 ? 0 : u2(frames))));
        int toHandler = frames(frames, moved);
        if (handles) {
            lastFrame(toHandler);
        }
        out.putInt(sizeAt, out.position() - sizeAt - 4);
    }

    /** The frame of our handler: it uses no variable. */
    private void lastFrame(int delta) {
        out.put((byte) 255).putShort((short) delta).putShort((short) 0).putShort((short) 1).put((byte) 7).putShort((short) throwable);
    }

    /** Writes the frames, if there are any. Returns how far the end of the code is from the last one. */
    private int frames(int begin, int[] moved) {
        int at = begin + 2;
        int pc = -1;
        int last = -1;
        if (branches) {
            out.put((byte) 251).putShort((short) prologue.length);
            last = prologue.length;
        }
        for (int left = begin == 0 ? 0 : u2(begin); left > 0; left--) {
            int tag = in[at++] & 0xff;
            int delta = tag < 128 ? tag & 63 : u2(at);
            if (tag >= 128) {
                at += 2;
            }
            pc += delta + 1;
            out.put((byte) (tag < 64 ? 251 : tag < 128 ? 247 : tag)).putShort((short) (moved[pc] - last - 1));
            last = moved[pc];
            if (tag == 255) {
                at = types(u2(at), at + 2, moved, true);
                at = types(u2(at), at + 2, moved, true);
            } else {
                at = types(tag > 251 ? tag - 251 : tag == 247 || (tag >= 64 && tag < 128) ? 1 : 0, at, moved, false);
            }
        }
        return moved[moved.length - 1] - last - 1;
    }

    private int types(int number, int begin, int[] moved, boolean counted) {
        int at = begin;
        if (counted) {
            out.putShort((short) number);
        }
        for (int left = number; left > 0; left--) {
            int tag = in[at];
            out.put(in[at++]);
            if (tag == 7 || tag == 8) { // An object; one that is not yet initialised, by the instruction that makes it.
                out.putShort((short) (tag == 7 ? u2(at) : moved[u2(at)]));
                at += 2;
            }
        }
        return at;
    }

    private void aroundNative(int method, int end, String name) {
        int access = u2(method);
        int renamed = utf8(PREFIX + name);
        out.putShort((short) ((access & (STATIC | NATIVE)) | PRIVATE)).putShort((short) renamed).putShort((short) u2(method + 4));
        out.putShort((short) 0);
        out.putShort((short) (access & ~NATIVE)).put(in, method + 2, 4).putShort((short) (u2(method + 6) + 1));
        out.put(in, method + 8, end - method - 8);
        out.putShort((short) nameOfCode);
        int sizeAt = out.position();
        out.putInt(0).putInt(0).putInt(0);
        out.put(prologue);
        int slot = 0;
        if ((access & STATIC) == 0) {
            out.put((byte) 25).put((byte) slot++);
        }
        String descriptor = string(u2(method + 4));
        int i = 1;
        while (descriptor.charAt(i) != ')') {
            int kind = kind(descriptor.charAt(i));
            out.put((byte) (21 + kind)).put((byte) slot);
            slot += kind == 1 || kind == 3 ? 2 : 1;
            while (descriptor.charAt(i) == '[') {
                i++;
            }
            i = descriptor.charAt(i) == 'L' ? descriptor.indexOf(';', i) + 1 : i + 1;
        }
        char result = descriptor.charAt(i + 1);
        out.put((byte) ((access & STATIC) == 0 ? INVOKESPECIAL : INVOKESTATIC));
        out.putShort((short) method(u2(afterConstants + 2), renamed, u2(method + 4)));
        int called = out.position() - sizeAt - 12;
        out.put(epilogue);
        out.put((byte) (RETURNS + (result == 'V' ? 5 : kind(result))));
        out.put(epilogue);
        out.put((byte) ATHROW);
        int length = out.position() - sizeAt - 12;
        out.putShort((short) 1);
        exception(3, called, length - 4, 0);
        out.putShort((short) 1).putShort((short) nameOfFrames).putInt(12).putShort((short) 1);
        lastFrame(length - 4);
        out.putInt(sizeAt, out.position() - sizeAt - 4);
        out.putShort(sizeAt + 4, (short) Math.max(2, slot)).putShort(sizeAt + 6, (short) slot).putInt(sizeAt + 8, length);
    }

    /** 0 to 4, in the order of the instructions: int, long, float, double, reference. */
    private static int kind(char descriptor) {
        int kind = "JFDL[".indexOf(descriptor);
        return kind < 3 ? kind + 1 : 4;
    }
}
