package io.github.libco4j.internal.agent;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;

/**
 * Somebody else's agent that weaves the same classes: it makes an environment variable that is not there have the value
 * "null", and can have the classes transformed again at any time.
 */
public final class ForeignAgent {
    private static Instrumentation instrumentation;

    private ForeignAgent() {}

    public static void premain(String arguments, Instrumentation with) throws Exception {
        instrumentation = with;
        with.addTransformer(new NullToString(), true);
        transformAgain();
    }

    /** Lets the JVM begin with the original classes and ask every agent again. */
    static void transformAgain() throws Exception {
        instrumentation.retransformClasses(
                System.class, Class.forName("java.lang.ProcessEnvironment"), FileInputStream.class, FileOutputStream.class);
    }

    private static final class NullToString implements ClassFileTransformer {
        private static final MethodTypeDesc GETENV =
                MethodTypeDesc.of(ConstantDescs.CD_String, ConstantDescs.CD_String);
        private static final MethodTypeDesc VALUE_OF =
                MethodTypeDesc.of(ConstantDescs.CD_String, ConstantDescs.CD_Object);

        @Override
        public byte[] transform(
                ClassLoader loader, String name, Class<?> transformed, ProtectionDomain domain, byte[] bytes) {
            if (!"java/lang/ProcessEnvironment".equals(name)) {
                return null;
            }
            ClassFile file = ClassFile.of();
            CodeTransform valueOf = (code, element) -> {
                if (element instanceof ReturnInstruction) {
                    code.invokestatic(ConstantDescs.CD_String, "valueOf", VALUE_OF);
                }
                code.with(element);
            };
            ClassTransform inGetenv = (builder, element) -> {
                if (element instanceof MethodModel method && method.methodTypeSymbol().equals(GETENV)
                        && method.methodName().equalsString("getenv")) {
                    builder.transformMethod(method, MethodTransform.transformingCode(valueOf));
                } else {
                    builder.with(element);
                }
            };
            return file.transformClass(file.parse(bytes), inGetenv);
        }
    }
}
