package io.github.libco4j.internal.agent;

import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.instrument.Instrumentation;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Weaves calls to {@code RunThreads} into the pools of the JDK: the bounds of those that are made, and what CompletableFuture runs its tasks by. */
final class PoolWeaver extends Transformer {
    private static final String POOL = "java/util/concurrent/ThreadPoolExecutor";
    private static final String FUTURE = "java/util/concurrent/CompletableFuture";
    private static final String LIFT = "lift-pools";
    private static final String ASYNC = "async";
    private static final ClassDesc HOOKS = ClassDesc.of("java.lang.RunThreads");
    private static final ClassDesc EXECUTOR = ClassDesc.of("java.util.concurrent.Executor");
    private static final MethodTypeDesc BOUND = MethodTypeDesc.of(ConstantDescs.CD_int, ConstantDescs.CD_int);

    private final Set<?> asked;

    /** Weaves what is asked for: {@code lift-pools}, {@code async}. */
    PoolWeaver(Set<?> asked) {
        super(Set.of(LIFT, ASYNC).stream().filter(asked::contains).collect(Collectors.toSet()));
        this.asked = asked;
    }

    void weave(Instrumentation with) throws Exception {
        List<Class<?>> classes = new ArrayList<>();
        if (asked.contains(LIFT)) {
            classes.add(ThreadPoolExecutor.class);
        }
        if (asked.contains(ASYNC)) {
            classes.add(CompletableFuture.class);
        }
        if (!classes.isEmpty()) {
            weave(with, "pools: ", classes.toArray(new Class<?>[0]));
        }
    }

    @Override
    @Nullable ClassTransform transformOf(String name) {
        if (name.equals(POOL) && asked.contains(LIFT)) {
            return (builder, element) -> {
                if (element instanceof MethodModel method
                        && method.methodName().equalsString("<init>")
                        && method.methodTypeSymbol().parameterCount() == 7) {
                    builder.transformMethod(method, MethodTransform.transformingCode(atStart(this::bounds)));
                } else {
                    builder.with(element);
                }
            };
        }
        return name.equals(FUTURE) && asked.contains(ASYNC)
                ? ClassTransform.transformingMethodBodies(method -> takesDefault(method), this::async)
                : null;
    }

    private static boolean takesDefault(MethodModel method) {
        String name = method.methodName().stringValue();
        int parameters = method.methodTypeSymbol().parameterCount();
        return name.equals("defaultExecutor") || ((name.equals("supplyAsync") || name.equals("runAsync")) && parameters == 1);
    }

    private void async(CodeBuilder code, CodeElement element) {
        code.with(element);
        if (element instanceof FieldInstruction field && field.opcode() == Opcode.GETSTATIC && field.name().equalsString("ASYNC_POOL")) {
            code.invokestatic(HOOKS, "async", MethodTypeDesc.of(EXECUTOR, EXECUTOR));
            woven(ASYNC);
        }
    }

    private void bounds(CodeBuilder code) {
        code.iload(1).invokestatic(HOOKS, "bound", BOUND).istore(1);
        code.iload(2).invokestatic(HOOKS, "bound", BOUND).istore(2);
        woven(LIFT);
    }
}
