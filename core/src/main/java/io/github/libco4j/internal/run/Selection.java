package io.github.libco4j.internal.run;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which threads become coroutines, and where. */
final class Selection {
    private static final StackWalker WALKER = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

    /** Event loops that poll by themselves, and threads that native code knows. */
    private static final List<Pattern> BY_DEFAULT = List.of(
            Pattern.parse("-io.netty.**"),
            Pattern.parse("-com.sun.javafx.**"),
            Pattern.parse("-com.sun.glass.**"),
            Pattern.parse("-org.lwjgl.**"),
            Pattern.parse("-org.eclipse.swt.**"));

    private final List<Pattern> patterns;

    /** True if only threads that a pattern names are meant. */
    private final boolean onlyNamed;

    /**
     * What is to become of a thread.
     *
     * @param site where it was started
     * @param isOwn whether it is libco4j's own
     * @param whyNot why it stays a thread; null if it becomes a coroutine
     * @param loop the index of its loop; -1 for the loops in turn
     */
    record Verdict(String site, boolean isOwn, @Nullable String whyNot, int loop) {
        static Verdict stays(String site, String whyNot) {
            return new Verdict(site, false, whyNot, -1);
        }
    }

    /** Who starts a thread: the innermost caller that is not the JDK's; null if there is none. */
    private record Starter(@Nullable Class<?> type, String site, boolean isShutdown) {
        static Starter find() {
            return WALKER.walk(frames -> {
                boolean isShutdown = false;
                for (StackWalker.StackFrame frame : (Iterable<StackWalker.StackFrame>) frames::iterator) {
                    Class<?> caller = frame.getDeclaringClass();
                    if (!isOfJdk(caller) && !caller.getPackageName().equals(Selection.class.getPackageName())) {
                        return new Starter(caller, caller.getName() + "." + frame.getMethodName(), isShutdown);
                    }
                    isShutdown |= caller.getName().equals("java.lang.ApplicationShutdownHooks");
                }
                return new Starter(null, "the JDK", isShutdown);
            });
        }
    }

    Selection(List<Pattern> patterns) {
        this.patterns = new ArrayList<>(BY_DEFAULT);
        this.patterns.addAll(patterns);
        this.onlyNamed = patterns.stream().anyMatch(pattern -> !pattern.excludes() && pattern.loop() < 0);
    }

    /** What is to become of a thread, by its class, its task and its starter; of the patterns that match, the last decides. On the thread that starts it. */
    Verdict of(Thread thread, @Nullable Runnable task) {
        Starter starter = Starter.find();
        Class<?> type = thread.getClass();
        if (starter.type == null) {
            return Verdict.stays(starter.site, "the JDK itself starts it");
        }
        if (isOwn(starter.type) || isOwn(type) || (task != null && isOwn(task.getClass()))) {
            return new Verdict(starter.site, true, "libco4j's own", -1);
        }
        if (starter.isShutdown) {
            return Verdict.stays(starter.site, "it is a shutdown hook");
        }
        if (isOfJdk(type) && type != Thread.class && !type.getName().equals("java.util.TimerThread")) {
            return Verdict.stays(starter.site, "it is a " + type.getName());
        }
        Pattern last = null;
        for (Pattern pattern : patterns) {
            if (pattern.matches(type.getName())
                    || pattern.matches(starter.type.getName())
                    || (task != null && pattern.matches(task.getClass().getName()))) {
                last = pattern;
            }
        }
        if (last == null) {
            return new Verdict(starter.site, false, onlyNamed ? "no pattern names it" : null, -1);
        }
        return new Verdict(starter.site, false, last.excludes() ? "-" + last.text() + " excludes it" : null, last.loop());
    }

    /** Tells whether the innermost caller that is not the JDK's is of one of these classes. */
    static boolean isCalledBy(List<Pattern> patterns) {
        Class<?> caller = patterns.isEmpty() ? null : Starter.find().type;
        return caller != null && patterns.stream().anyMatch(pattern -> pattern.matches(caller.getName()));
    }

    private static boolean isOwn(Class<?> type) {
        String name = type.getPackageName();
        return name.equals("io.github.libco4j") || name.startsWith("io.github.libco4j.internal");
    }

    private static boolean isOfJdk(Class<?> type) {
        ClassLoader loader = type.getClassLoader();
        return loader == null || loader.equals(ClassLoader.getPlatformClassLoader());
    }
}
