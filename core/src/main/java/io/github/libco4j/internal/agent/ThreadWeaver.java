package io.github.libco4j.internal.agent;

import io.github.libco4j.internal.agent.Brackets.Hook;
import io.github.libco4j.internal.agent.Brackets.Kind;
import java.lang.instrument.Instrumentation;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Weaves calls to {@code RunThreads} into {@code java.lang.Thread}, so that a thread which has become a coroutine answers as one
 * that runs; and into {@code LockSupport}, so that who unparks it unparks the coroutine. Nothing is woven for {@code
 * Thread.interrupt}: it finds the coroutine by itself, as what the thread is blocked in.
 */
final class ThreadWeaver extends Transformer {
    private static final String THREAD = "java/lang/Thread";
    private static final String LOCK_SUPPORT = "java/util/concurrent/locks/LockSupport";

    private static final Map<String, Hook> OF_THREAD = Map.ofEntries(
            Map.entry("start()V", new Hook("starts", Kind.IN_PLACE)),
            Map.entry("start(Ljdk/internal/vm/ThreadContainer;)V", new Hook("starts", Kind.IN_PLACE)), // Of a ThreadPoolExecutor, say.
            Map.entry("<init>(Ljava/lang/ThreadGroup;Ljava/lang/String;ILjava/lang/Runnable;J)V", new Hook("parent", Kind.OF_CURRENT)),
            Map.entry("alive()Z", new Hook("alive", Kind.ON_RETURN)),
            Map.entry("threadState()Ljava/lang/Thread$State;", new Hook("state", Kind.ON_RETURN)),
            Map.entry("isInterrupted()Z", new Hook("interrupted", Kind.ON_RETURN)),
            Map.entry("getStackTrace()[Ljava/lang/StackTraceElement;", new Hook("stack", Kind.ON_RETURN)),
            Map.entry("getThreadGroup()Ljava/lang/ThreadGroup;", new Hook("group", Kind.ON_RETURN)),
            Map.entry("isDaemon()Z", new Hook("daemon", Kind.ON_RETURN)),
            Map.entry("getAllThreads()[Ljava/lang/Thread;", new Hook("all", Kind.ON_RETURN)),
            Map.entry("getAllStackTraces()Ljava/util/Map;", new Hook("stacks", Kind.ON_RETURN)),
            Map.entry("setName(Ljava/lang/String;)V", new Hook("named", Kind.ON_ENTRY)),
            Map.entry("setContextClassLoader(Ljava/lang/ClassLoader;)V", new Hook("loads", Kind.ON_ENTRY)));

    private static final Map<String, Hook> OF_LOCK_SUPPORT = Map.of(
            "unpark(Ljava/lang/Thread;)V", new Hook("coroutine", Kind.ON_ARGUMENT),
            "getBlocker(Ljava/lang/Thread;)Ljava/lang/Object;", new Hook("coroutine", Kind.ON_ARGUMENT));

    ThreadWeaver() {
        super(places());
    }

    private static Set<String> places() {
        Set<String> places = new HashSet<>(OF_THREAD.keySet());
        places.addAll(OF_LOCK_SUPPORT.keySet());
        return places;
    }

    void weave(Instrumentation with) throws Exception {
        weave(with, "threads: ", Thread.class, LockSupport.class);
    }

    @Override
    byte @Nullable [] transformed(String name, byte[] bytes) {
        Map<String, Hook> hooks = name.equals(THREAD) ? OF_THREAD : name.equals(LOCK_SUPPORT) ? OF_LOCK_SUPPORT : null;
        return hooks == null ? null : new Brackets(bytes).with("java/lang/RunThreads", hooks, this::woven);
    }
}
