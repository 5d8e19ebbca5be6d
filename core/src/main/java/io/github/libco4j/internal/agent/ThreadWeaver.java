package io.github.libco4j.internal.agent;

import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.instrument.Instrumentation;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Weaves calls to {@code RunThreads} into {@code java.lang.Thread}, so that a thread which has become a coroutine answers as one
 * that runs; and into {@code LockSupport}, so that who unparks it unparks the coroutine. Nothing is woven for {@code
 * Thread.interrupt}: it finds the coroutine by itself, as what the thread is blocked on.
 */
final class ThreadWeaver extends Transformer {
    private static final String THREAD = "java/lang/Thread";
    private static final String LOCK_SUPPORT = "java/util/concurrent/locks/LockSupport";
    private static final ClassDesc HOOKS = ClassDesc.of("java.lang.RunThreads");
    private static final ClassDesc CD_THREAD = ClassDesc.of("java.lang.Thread");

    /** By method of Thread: the hook that gets what it is about to return, and the thread, and gives what is returned. */
    private static final Map<String, String> RETURNED = Map.of(
            "alive", "alive",
            "threadState", "state",
            "isInterrupted", "interrupted",
            "getStackTrace", "stack",
            "getThreadGroup", "group",
            "isDaemon", "daemon",
            "getAllThreads", "all",
            "getAllStackTraces", "stacks");

    /** By method of Thread: the hook that first gets the thread and the argument. */
    private static final Map<String, String> ENTERED = Map.of("setName", "named", "setContextClassLoader", "loads");

    /** Methods of LockSupport whose first argument is a thread. */
    private static final Set<String> OF_THREAD = Set.of("unpark", "getBlocker");

    ThreadWeaver() {
        super(Stream.of(RETURNED.keySet(), ENTERED.keySet(), OF_THREAD, Set.of("start", "<init>"))
                .flatMap(Set::stream)
                .collect(Collectors.toSet()));
    }

    void weave(Instrumentation with) throws Exception {
        weave(with, "threads: ", Thread.class, LockSupport.class);
    }

    @Override
    @Nullable ClassTransform transformOf(String name) {
        return switch (name) {
            case THREAD -> (builder, element) -> {
                CodeTransform code = element instanceof MethodModel method ? ofThread(method) : null;
                if (code == null) {
                    builder.with(element);
                } else {
                    builder.transformMethod((MethodModel) element, java.lang.classfile.MethodTransform.transformingCode(code));
                }
            };
            case LOCK_SUPPORT -> ClassTransform.transformingMethodBodies(
                    method -> OF_THREAD.contains(method.methodName().stringValue()), CodeTransform.ofStateful(OnArgument::new));
            default -> null;
        };
    }

    private @Nullable CodeTransform ofThread(MethodModel method) {
        String name = method.methodName().stringValue();
        MethodTypeDesc type = method.methodTypeSymbol();
        if (ENTERED.containsKey(name)) {
            return CodeTransform.ofStateful(() -> new OnEntry(name, type));
        }
        if (RETURNED.containsKey(name)) {
            return (code, element) -> returned(name, type, code, element);
        }
        if (name.equals("start")) { // Also that of threads in a container, as those of a ThreadPoolExecutor.
            return this::started;
        }
        return name.equals("<init>") && type.parameterCount() == 5 ? this::made : null;
    }

    private void returned(String method, MethodTypeDesc type, CodeBuilder code, CodeElement element) {
        if (element instanceof ReturnInstruction) {
            boolean isStatic = method.startsWith("getAll");
            MethodTypeDesc hook = MethodTypeDesc.of(type.returnType(), type.returnType());
            if (!isStatic) {
                code.aload(0);
                hook = MethodTypeDesc.of(type.returnType(), type.returnType(), CD_THREAD);
            }
            code.invokestatic(HOOKS, RETURNED.get(method), hook);
            woven(method);
        }
        code.with(element);
    }

    /** The JVM starts the thread unless it has become a coroutine. */
    private void started(CodeBuilder code, CodeElement element) {
        if (element instanceof InvokeInstruction call && call.name().equalsString("start0")) {
            code.dup().invokestatic(HOOKS, "starts", MethodTypeDesc.of(ConstantDescs.CD_boolean, CD_THREAD));
            code.ifThenElse(CodeBuilder::pop, platform -> platform.with(call));
            woven("start");
        } else {
            code.with(element);
        }
    }

    private void made(CodeBuilder code, CodeElement element) {
        if (element instanceof InvokeInstruction call && call.name().equalsString("currentThread")) {
            code.invokestatic(HOOKS, "parent", MethodTypeDesc.of(CD_THREAD));
            woven("<init>");
        } else {
            code.with(element);
        }
    }

    /** Passes the thread and the first argument to a hook. */
    private final class OnEntry implements CodeTransform {
        private final String method;
        private final MethodTypeDesc type;

        OnEntry(String method, MethodTypeDesc type) {
            this.method = method;
            this.type = type;
        }

        @Override
        public void atStart(CodeBuilder code) {
            MethodTypeDesc hook = MethodTypeDesc.of(ConstantDescs.CD_void, CD_THREAD, type.parameterType(0));
            code.aload(0).aload(1).invokestatic(HOOKS, ENTERED.get(method), hook);
            woven(method);
        }

        @Override
        public void accept(CodeBuilder code, CodeElement element) {
            code.with(element);
        }
    }

    /** Takes the coroutine of the first argument for that. */
    private final class OnArgument implements CodeTransform {
        @Override
        public void atStart(CodeBuilder code) {
            code.aload(0).invokestatic(HOOKS, "coroutine", MethodTypeDesc.of(CD_THREAD, CD_THREAD)).astore(0);
            OF_THREAD.forEach(ThreadWeaver.this::woven);
        }

        @Override
        public void accept(CodeBuilder code, CodeElement element) {
            code.with(element);
        }
    }
}
