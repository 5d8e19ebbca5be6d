package io.github.libco4j.run;

import java.lang.Thread.State;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.Timer;
import java.util.TimerTask;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A program that relies on what threads are: it prints the same on any run, and has to as coroutines. It ends by System.exit in
 * a thread, with status 3.
 */
@SuppressWarnings({"ReferenceEquality", "ThreadPriorityCheck", "WaitNotInLoop"}) // These are the habits.
final class AwkwardHabits {
    private static final ThreadLocal<List<String>> DIARY = ThreadLocal.withInitial(ArrayList::new);
    private static final InheritableThreadLocal<String> HEIRLOOM = new InheritableThreadLocal<>();

    private AwkwardHabits() {}

    private static void say(String what, Object value) {
        System.out.println(what + ": " + value);
    }

    private interface Habit {
        void show() throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        List<Habit> habits = List.of(
                AwkwardHabits::aSubclassThatIsCastTo,
                AwkwardHabits::interruptsAsProtocol,
                AwkwardHabits::aSubclassThatOverridesInterrupt,
                AwkwardHabits::whatIsInherited,
                AwkwardHabits::namesThatAreParsed,
                AwkwardHabits::failuresThatNobodyCatches,
                AwkwardHabits::threadsAsMonitors,
                AwkwardHabits::poolsAndTheirThreads,
                AwkwardHabits::threadLocalsOfPools,
                AwkwardHabits::parkAndUnpark,
                AwkwardHabits::timers,
                AwkwardHabits::groupsAndLists,
                AwkwardHabits::locksThatAlmostDeadlock,
                AwkwardHabits::busyWaiting,
                AwkwardHabits::startedTwice);
        for (Habit habit : habits) {
            habit.show();
        }
        lastWords();
    }

    // -------------------------------------------------------------------------------------------- habits

    private static final class Worker extends Thread {
        private final int number;
        private volatile Thread seen;
        private volatile String made;

        Worker(int number) {
            super("worker-" + number);
            this.number = number;
        }

        @Override
        public void run() {
            seen = Thread.currentThread();
            made = ((Worker) currentThread()).number + " " + getName() + " " + isAlive() + " " + isInterrupted();
        }
    }

    private static void aSubclassThatIsCastTo() throws InterruptedException {
        Worker worker = new Worker(7);
        say("before the start", worker.getState() + " " + worker.isAlive());
        worker.start();
        worker.join();
        say("itself", worker.seen == worker);
        say("made", worker.made);
        say("after the end", worker.getState() + " " + worker.isAlive() + " " + worker.getThreadGroup());
    }

    private static void awaitState(Thread thread, State state) throws InterruptedException {
        while (thread.getState() != state) {
            Thread.sleep(1);
        }
    }

    private static void interruptsAsProtocol() throws InterruptedException {
        List<String> events = new ArrayList<>();
        Thread sleeper = new Thread(() -> {
            try {
                Thread.sleep(1_000_000);
            } catch (InterruptedException e) {
                events.add("woken, status " + Thread.currentThread().isInterrupted());
            }
            Thread.currentThread().interrupt();
            events.add("set by itself " + Thread.interrupted() + ", then " + Thread.currentThread().isInterrupted());
        });
        sleeper.start();
        awaitState(sleeper, State.TIMED_WAITING);
        say("where it sleeps", Arrays.stream(sleeper.getStackTrace()).anyMatch(frame -> frame.getMethodName().equals("sleep")));
        sleeper.interrupt();
        sleeper.join();
        say("interrupted", events);
    }

    private static void aSubclassThatOverridesInterrupt() throws InterruptedException {
        AtomicInteger interrupts = new AtomicInteger();
        Thread thread = new Thread("polite") {
            @Override
            public void run() {
                while (!isInterrupted()) {
                    LockSupport.parkNanos(1_000_000);
                }
            }

            @Override
            public void interrupt() {
                interrupts.incrementAndGet();
                super.interrupt();
            }
        };
        thread.start();
        thread.interrupt();
        thread.join();
        say("own interrupt", interrupts);
    }

    private static void whatIsInherited() throws InterruptedException {
        HEIRLOOM.set("of main");
        List<Object> seen = new ArrayList<>();
        ClassLoader loader = new ClassLoader("own", null) {};
        Thread parent = new Thread(() -> {
            Thread self = Thread.currentThread();
            seen.add(HEIRLOOM.get());
            HEIRLOOM.set("of the parent");
            self.setContextClassLoader(loader);
            Thread child = new Thread(() -> {
                seen.add(HEIRLOOM.get());
                seen.add(Thread.currentThread().getContextClassLoader().getName());
            });
            seen.add(child.isDaemon());
            seen.add(child.getPriority());
            seen.add(child.getThreadGroup() == self.getThreadGroup());
            child.start();
            try {
                child.join();
            } catch (InterruptedException e) {
                seen.add(e);
            }
        });
        parent.setPriority(7);
        parent.start();
        parent.join();
        say("inherited", seen);
    }

    private static void namesThatAreParsed() throws InterruptedException {
        Set<String> names = new TreeSet<>();
        for (int i = 0; i < 3; i++) {
            Thread thread = new Thread(() -> {
                String name = Thread.currentThread().getName();
                int number = Integer.parseInt(name.substring(name.lastIndexOf('-') + 1));
                Thread.currentThread().setName("renamed-" + number * 10);
                names.add(Thread.currentThread().getName());
            }, "name-" + i);
            thread.start();
            thread.join();
            names.add(thread.getName());
        }
        say("names", names);
    }

    private static void failuresThatNobodyCatches() throws InterruptedException {
        List<String> told = new ArrayList<>();
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> told.add("default " + thread.getName() + " " + failure.getMessage()));
        Thread one = new Thread(() -> {
            throw new IllegalStateException("one");
        }, "fails-1");
        Thread two = new Thread(() -> {
            throw new AssertionError("two");
        }, "fails-2");
        two.setUncaughtExceptionHandler((thread, failure) -> told.add("own " + (thread == two) + " " + failure.getMessage()));
        for (Thread thread : List.of(one, two)) {
            thread.start();
            thread.join();
        }
        Thread.setDefaultUncaughtExceptionHandler(null);
        say("failures", told);
    }

    private static void threadsAsMonitors() throws InterruptedException {
        Thread thread = new Thread(() -> LockSupport.parkNanos(20_000_000));
        synchronized (thread) {
            thread.start();
            thread.wait(); // The JVM notifies when it ends, which programs should not rely on.
        }
        say("waited for a thread", thread.isAlive());
        Object monitor = new Object();
        Thread owner = new Thread(() -> {
            synchronized (monitor) {
                LockSupport.park();
            }
        });
        owner.start();
        awaitState(owner, State.WAITING);
        Thread contender = new Thread(() -> {
            synchronized (monitor) {
                say("entered", Thread.holdsLock(monitor));
            }
        });
        contender.start();
        awaitState(contender, State.BLOCKED);
        LockSupport.unpark(owner);
        contender.join();
    }

    private static void poolsAndTheirThreads() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(4);
        Set<String> names = new ConcurrentSkipListSet<>();
        CountDownLatch together = new CountDownLatch(4);
        List<Future<Boolean>> tasks = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            tasks.add(pool.submit(() -> {
                names.add(Thread.currentThread().getName() + " " + Thread.currentThread().isDaemon());
                together.countDown();
                return together.await(30, TimeUnit.SECONDS);
            }));
        }
        for (Future<Boolean> task : tasks) {
            say("together", task.get());
        }
        CountDownLatch isIn = new CountDownLatch(1);
        Future<?> hangs = pool.submit(() -> {
            isIn.countDown();
            new CountDownLatch(1).await();
            return null;
        });
        isIn.await();
        say("cancelled", hangs.cancel(true));
        say("lost", pool.shutdownNow());
        say("terminated", pool.awaitTermination(30, TimeUnit.SECONDS));
        say("pool", names);
    }

    private static void threadLocalsOfPools() throws Exception {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        for (int i = 0; i < 3; i++) {
            int entry = i;
            pool.submit(() -> DIARY.get().add("entry " + entry)).get();
        }
        say("diary", pool.submit(DIARY::get).get());
        pool.shutdown();
    }

    private static void parkAndUnpark() throws InterruptedException {
        Thread parked = new Thread(() -> {
            LockSupport.park("the blocker");
            say("unparked", "yes");
        });
        parked.start();
        awaitState(parked, State.WAITING);
        say("blocker", LockSupport.getBlocker(parked));
        LockSupport.unpark(parked);
        parked.join();
        Thread late = new Thread(() -> {
            while (!Thread.currentThread().getName().equals("go")) {
                Thread.yield();
            }
            LockSupport.park();
            say("permit", "kept");
        });
        late.start();
        LockSupport.unpark(late);
        late.setName("go");
        late.join();
    }

    private static void timers() throws InterruptedException {
        Timer timer = new Timer("timer", true);
        CountDownLatch ticks = new CountDownLatch(3);
        timer.schedule(
                new TimerTask() {
                    @Override
                    public void run() {
                        ticks.countDown();
                    }
                },
                1,
                1);
        say("ticks", ticks.await(30, TimeUnit.SECONDS));
        timer.cancel();
    }

    private static void groupsAndLists() throws InterruptedException {
        ThreadGroup group = new ThreadGroup("group");
        CountDownLatch over = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Thread thread = new Thread(group, () -> {
                try {
                    over.await();
                } catch (InterruptedException e) {
                    say("unexpected", e);
                }
            }, "member-" + i);
            threads.add(thread);
            thread.start();
        }
        Thread[] found = new Thread[10];
        say("members", group.enumerate(found) + " " + threads.containsAll(Arrays.asList(found).subList(0, 3)));
        say("active", group.activeCount());
        say("all stacks", Thread.getAllStackTraces().keySet().containsAll(threads));
        over.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        say("active later", group.activeCount());
    }

    private static void locksThatAlmostDeadlock() throws InterruptedException {
        ReentrantLock first = new ReentrantLock();
        ReentrantLock second = new ReentrantLock();
        AtomicInteger done = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            ReentrantLock a = i % 2 == 0 ? first : second;
            ReentrantLock b = i % 2 == 0 ? second : first;
            Thread thread = new Thread(() -> {
                for (int turn = 0; turn < 50; ) {
                    a.lock();
                    try {
                        if (b.tryLock()) {
                            b.unlock();
                            turn++;
                        }
                    } finally {
                        a.unlock();
                    }
                    Thread.yield();
                }
                done.incrementAndGet();
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        say("locks", done + " " + first.isLocked());
    }

    private static void busyWaiting() throws InterruptedException {
        AtomicInteger turn = new AtomicInteger(2);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int mine = i;
            threads.add(new Thread(() -> {
                while (turn.get() != mine) {
                    Thread.onSpinWait();
                }
                turn.decrementAndGet();
            }));
        }
        for (Thread thread : threads) {
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        say("busy", turn);
    }

    private static void startedTwice() throws InterruptedException {
        Thread thread = new Thread(() -> {});
        thread.start();
        thread.join();
        try {
            thread.start();
        } catch (IllegalThreadStateException e) {
            say("started twice", "refused");
        }
    }

    private static void lastWords() {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> say("hook", "runs")));
        new Thread(() -> {
            LockSupport.parkNanos(100_000_000); // Main has ended meanwhile.
            say("last words", "of a thread that is no daemon");
            System.exit(3);
        }).start();
    }
}
