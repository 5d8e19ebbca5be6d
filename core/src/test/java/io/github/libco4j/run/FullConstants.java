package io.github.libco4j.run;

import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.ConstantPoolBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.function.Supplier;

/** A program with a class that has as many constants as a class can have. */
final class FullConstants extends ClassLoader {
    private static final int MOST = 0xffff;
    private static final ClassDesc THREAD = ClassDesc.of("java.lang.Thread");

    private FullConstants() {
        super(FullConstants.class.getClassLoader());
    }

    private Class<?> define(String name, byte[] bytes) {
        return defineClass(name, bytes, 0, bytes.length);
    }

    /** A supplier of the current thread. */
    private static byte[] supplier(String name, int constants) {
        ConstantPoolBuilder pool = ConstantPoolBuilder.of();
        for (int i = 0; pool.size() < constants; i++) {
            pool.intEntry(i);
        }
        return ClassFile.of().build(pool.classEntry(ClassDesc.of(name)), pool, builder -> builder
                .withInterfaceSymbols(Supplier.class.describeConstable().orElseThrow())
                .withMethodBody("<init>", ConstantDescs.MTD_void, ClassFile.ACC_PUBLIC, code -> code
                        .aload(0).invokespecial(ConstantDescs.CD_Object, "<init>", ConstantDescs.MTD_void).return_())
                .withMethodBody("get", MethodTypeDesc.of(ConstantDescs.CD_Object), ClassFile.ACC_PUBLIC, code -> code
                        .invokestatic(THREAD, "currentThread", MethodTypeDesc.of(THREAD)).areturn()));
    }

    public static void main(String[] arguments) throws Exception {
        String name = "io.github.libco4j.run.Full";
        byte[] bytes = new byte[0];
        for (int spare = 100; spare > 0 && constants(bytes) < MOST; spare--) { // As many as this leaves room for.
            try {
                bytes = supplier(name, MOST - spare);
            } catch (IllegalArgumentException tooMany) {
                break;
            }
        }
        Object full = new FullConstants().define(name, bytes).getConstructor().newInstance();
        Thread thread = new Thread(() -> System.out.println("virtual " + ((Thread) ((Supplier<?>) full).get()).isVirtual()));
        thread.start();
        thread.join();
    }

    private static int constants(byte[] bytes) {
        return bytes.length == 0 ? 0 : Byte.toUnsignedInt(bytes[8]) << 8 | Byte.toUnsignedInt(bytes[9]);
    }
}
