package io.github.libco4j.internal.agent;

import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.instrument.Instrumentation;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Weaves {@code CarrierClock} into the JDK: after each {@code System.nanoTime()} with which a thread measures for how long it
 * still has to wait, a call that may put the time of the thread's loop in its place.
 *
 * <p>Woven are the classes in which a thread keeps its deadline to itself. Where threads share deadlines, as those of the tasks
 * in a {@code ScheduledThreadPoolExecutor}, they would compare times of several clocks: those classes stay as they are, and
 * follow the machine's clock.
 */
final class TimeWeaver extends Transformer {
    private static final ClassDesc HOOKS = ClassDesc.of("java.lang.CarrierClock");
    private static final ClassDesc SYSTEM = ClassDesc.of("java.lang.System");
    private static final MethodTypeDesc HOOK = MethodTypeDesc.of(ConstantDescs.CD_long, ConstantDescs.CD_long);

    private static final Set<String> CLASSES = Set.of(
            "java/lang/Process",
            "java/lang/Thread",
            "java/lang/VirtualThread",
            "java/lang/ref/ReferenceQueue",
            "java/util/concurrent/AbstractExecutorService",
            "java/util/concurrent/CompletableFuture",
            "java/util/concurrent/CompletableFuture$Signaller",
            "java/util/concurrent/Exchanger",
            "java/util/concurrent/ForkJoinPool",
            "java/util/concurrent/ForkJoinTask",
            "java/util/concurrent/FutureTask",
            "java/util/concurrent/LinkedTransferQueue$DualNode",
            "java/util/concurrent/Phaser$QNode",
            "java/util/concurrent/SubmissionPublisher$BufferedSubscription",
            "java/util/concurrent/ThreadPerTaskExecutor",
            "java/util/concurrent/locks/AbstractQueuedLongSynchronizer",
            "java/util/concurrent/locks/AbstractQueuedLongSynchronizer$ConditionObject",
            "java/util/concurrent/locks/AbstractQueuedSynchronizer",
            "java/util/concurrent/locks/AbstractQueuedSynchronizer$ConditionObject",
            "java/util/concurrent/locks/StampedLock",
            "jdk/internal/misc/ThreadFlock",
            "sun/nio/ch/DatagramChannelImpl",
            "sun/nio/ch/NioSocketImpl",
            "sun/nio/ch/ServerSocketChannelImpl",
            "sun/nio/ch/SocketChannelImpl");

    /** Which of these there is depends on the operating system. */
    private static final Set<String> SELECTORS = Set.of("sun/nio/ch/EPollSelectorImpl", "sun/nio/ch/KQueueSelectorImpl");

    TimeWeaver() {
        super(CLASSES);
    }

    void weave(Instrumentation with) throws Exception {
        List<Class<?>> classes = new ArrayList<>();
        for (String name : CLASSES) {
            classes.add(Class.forName(name.replace('/', '.'), false, null));
        }
        for (String name : SELECTORS) {
            Class<?> selector = Class.forName(Object.class.getModule(), name.replace('/', '.'));
            if (selector != null) {
                classes.add(selector);
            }
        }
        weave(with, "the time of ", classes.toArray(new Class<?>[0]));
    }

    @Override
    @Nullable ClassTransform transformOf(String name) {
        return CLASSES.contains(name) || SELECTORS.contains(name)
                ? ClassTransform.transformingMethodBodies((code, element) -> timeRead(name, code, element))
                : null;
    }

    private void timeRead(String where, CodeBuilder code, CodeElement element) {
        code.with(element);
        if (element instanceof InvokeInstruction call
                && call.name().equalsString("nanoTime")
                && call.owner().asSymbol().equals(SYSTEM)) {
            code.invokestatic(HOOKS, "ofCaller", HOOK);
            if (CLASSES.contains(where)) {
                woven(where);
            }
        }
    }
}
