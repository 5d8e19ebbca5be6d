package io.github.libco4j.internal.agent;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.instrument.ClassFileTransformer;
import java.lang.reflect.AccessFlag;
import java.security.ProtectionDomain;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import org.jspecify.annotations.Nullable;

/**
 * Has the program's main begin with a call of {@code RunThreads.mains}, which runs it in a coroutine. It may be a method of an object, and
 * take no arguments.
 */
final class MainWeaver implements ClassFileTransformer {
    private static final ClassDesc HOOKS = ClassDesc.of("java.lang.RunThreads");
    private static final MethodTypeDesc MAIN = MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_String.arrayType());
    private static final MethodTypeDesc HOOK = MethodTypeDesc.of(
            ConstantDescs.CD_boolean, ConstantDescs.CD_Object, ConstantDescs.CD_String.arrayType(), ConstantDescs.CD_Class);

    private final @Nullable String main = mainClass();
    private final Unwoven unwoven;

    MainWeaver(Unwoven unwoven) {
        this.unwoven = unwoven;
    }

    /** The internal name of the class that java was given; null if nobody knows. */
    private static @Nullable String mainClass() {
        String command = System.getProperty("sun.java.command", "").split(" ", 2)[0];
        String name = command.substring(command.indexOf('/') < 0 || command.endsWith(".jar") ? 0 : command.indexOf('/') + 1);
        if (command.endsWith(".jar")) {
            try (JarFile jar = new JarFile(command)) {
                name = jar.getManifest().getMainAttributes().getValue(Attributes.Name.MAIN_CLASS);
            } catch (IOException e) {
                return null; // The launcher will say so.
            }
        }
        return name == null || name.isEmpty() ? null : name.replace('.', '/');
    }

    @Override
    public byte @Nullable [] transform(
            @Nullable Module module,
            @Nullable ClassLoader loader,
            @Nullable String name,
            @Nullable Class<?> transformed,
            @Nullable ProtectionDomain domain,
            byte[] bytes) {
        if (name == null || !name.equals(main)) {
            return null;
        }
        ClassDesc self = ClassDesc.ofInternalName(name);
        try {
            ClassFile file = ClassFile.of();
            return file.transformClass(file.parse(bytes), (builder, element) -> {
                if (element instanceof MethodModel method && isMain(method)) {
                    builder.transformMethod(
                            method, MethodTransform.transformingCode(Transformer.atStart(code -> hook(code, method, self))));
                } else {
                    builder.with(element);
                }
            });
        } catch (RuntimeException e) {
            unwoven.add(name, "has a main that runs on its thread", e);
            return null;
        }
    }

    private static boolean isMain(MethodModel method) {
        MethodTypeDesc type = method.methodTypeSymbol();
        return method.methodName().equalsString("main") && (type.equals(MAIN) || type.equals(ConstantDescs.MTD_void));
    }

    private static void hook(CodeBuilder code, MethodModel method, ClassDesc self) {
        boolean isStatic = method.flags().has(AccessFlag.STATIC);
        if (isStatic) {
            code.aconst_null();
        } else {
            code.aload(0);
        }
        if (method.methodTypeSymbol().parameterCount() == 0) {
            code.aconst_null();
        } else {
            code.aload(isStatic ? 0 : 1);
        }
        code.loadConstant(self).invokestatic(HOOKS, "mains", HOOK).ifThen(CodeBuilder::return_);
    }
}
