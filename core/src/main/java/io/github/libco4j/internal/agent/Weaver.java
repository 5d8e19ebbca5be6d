package io.github.libco4j.internal.agent;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassElement;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.AccessFlag;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Weaves calls to {@code EnvironmentHooks} into the JDK, at the two places through which everything about environment
 * variables and system properties goes.
 *
 * <pre>
 *  ProcessEnvironment.getenv(name)          return variable(…, name)     System.getenv(name)
 *  ProcessEnvironment.getenv()              return variables(…)          System.getenv()
 *  ProcessEnvironment.environment()         return environment(…)        ProcessBuilder.environment()
 *  ProcessEnvironment.toEnvironmentBlock(m) m = ofChild(m)               a process is started
 *  System: getProperty, getProperties,      properties(props)            where they read the field
 *          setProperty, clearProperty                                    "props"; Integer.getInteger … call these
 * </pre>
 *
 * <p>Each is a call between two instructions, without a branch of its own, so that other agents' weaving, before or after,
 * stands.
 */
final class Weaver extends Transformer {
    private static final ClassDesc HOOKS = ClassDesc.of("java.lang.EnvironmentHooks");
    private static final ClassDesc PROPERTIES = ClassDesc.of("java.util.Properties");

    private static final MethodTypeDesc MAPPING = MethodTypeDesc.of(ConstantDescs.CD_Map, ConstantDescs.CD_Map);
    private static final MethodTypeDesc LOOKUP =
            MethodTypeDesc.of(ConstantDescs.CD_String, ConstantDescs.CD_String, ConstantDescs.CD_String);

    private static final String ENVIRONMENT = "java/lang/ProcessEnvironment";
    private static final String SYSTEM = "java/lang/System";

    private static final Set<String> PROPERTY_METHODS =
            Set.of("getProperty", "getProperties", "setProperty", "clearProperty");

    /** What must have been woven in the end. */
    private static final Set<String> ALL = Set.of(
            "variable", "variables", "environment", "ofChild",
            "(String)String getProperty", "(String,String)String getProperty", "()Properties getProperties",
            "(String,String)String setProperty", "(String)String clearProperty");

    Weaver() {
        super(ALL);
    }

    void weave(Instrumentation with) throws Exception {
        weave(with, "", System.class, Class.forName(ENVIRONMENT.replace('/', '.'), false, null));
    }

    @Override
    @Nullable ClassTransform transformOf(String name) {
        return SYSTEM.equals(name) || ENVIRONMENT.equals(name) ? this::element : null;
    }

    private void element(ClassBuilder builder, ClassElement element) {
        CodeTransform weaving = element instanceof MethodModel method ? weaving(method) : null;
        if (weaving == null) {
            builder.with(element);
        } else {
            builder.transformMethod((MethodModel) element, MethodTransform.transformingCode(weaving));
        }
    }

    /** What is to be done to the code of a method; null for nothing. */
    private @Nullable CodeTransform weaving(MethodModel method) {
        String name = method.methodName().stringValue();
        MethodTypeDesc type = method.methodTypeSymbol();
        if (!method.flags().has(AccessFlag.STATIC)) {
            return null;
        }
        if (PROPERTY_METHODS.contains(name)) {
            return (code, element) -> propertiesRead(type.displayDescriptor() + " " + name, code, element);
        }
        return switch (name) {
            case "getenv" -> type.parameterCount() == 0
                    ? (code, element) -> returned("variables", false, MAPPING, code, element)
                    : (code, element) -> returned("variable", true, LOOKUP, code, element);
            case "environment" -> (code, element) -> returned("environment", false, MAPPING, code, element);
            case "toEnvironmentBlock" -> atStart(this::ofChild);
            default -> null;
        };
    }

    /** Passes what a method is about to return to a hook, perhaps with its first argument, and returns the answer. */
    private void returned(String hook, boolean withArgument, MethodTypeDesc type, CodeBuilder code, CodeElement element) {
        if (element instanceof ReturnInstruction) {
            if (withArgument) {
                code.aload(0);
            }
            code.invokestatic(HOOKS, hook, type);
            woven(hook);
        }
        code.with(element);
    }

    private void propertiesRead(String where, CodeBuilder code, CodeElement element) {
        code.with(element);
        if (element instanceof FieldInstruction field
                && field.opcode() == Opcode.GETSTATIC
                && field.name().equalsString("props")
                && field.typeSymbol().equals(PROPERTIES)) {
            code.invokestatic(HOOKS, "properties", MethodTypeDesc.of(PROPERTIES, PROPERTIES));
            woven(where);
        }
    }

    /** Passes the first argument of a method to a hook, and takes the answer for it. */
    private void ofChild(CodeBuilder code) {
        code.aload(0).invokestatic(HOOKS, "ofChild", MAPPING).astore(0);
        woven("ofChild");
    }
}
