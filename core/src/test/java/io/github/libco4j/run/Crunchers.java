package io.github.libco4j.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Threads that compute for so long that each loses its loop, and right after that wait in some way, so that it is taken, or not, at every
 * point. What they count under locks must be right in the end.
 */
final class Crunchers {
    private static final int THREADS = 12;

    private static final ReentrantLock LOCK = new ReentrantLock();
    private static final Object MONITOR = new Object();
    private static final SynchronousQueue<Integer> QUEUE = new SynchronousQueue<>();
    private static final List<Thread> ALL = new CopyOnWriteArrayList<>();
    private static final AtomicLong MONITORED = new AtomicLong();
    private static final AtomicLong LOCKED = new AtomicLong();
    private static long guarded;
    private static long monitored;

    private Crunchers() {}

    /** Computes for a time, which is about that after which a coroutine loses its loop; or wakes others all the time, which is mostly the loop's code. */
    private static void crunch(Random random) {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(20 + random.nextInt(60));
        boolean wakes = random.nextBoolean();
        while (System.nanoTime() < until) {
            if (wakes) {
                LockSupport.unpark(ALL.get(random.nextInt(ALL.size())));
            } else {
                Thread.onSpinWait();
            }
        }
    }

    private static void work(Random random, long end) throws InterruptedException {
        while (System.nanoTime() < end) {
            crunch(random);
            switch (random.nextInt(7)) {
                case 0 -> {
                    LOCK.lock();
                    try {
                        guarded++;
                        LOCKED.incrementAndGet();
                    } finally {
                        LOCK.unlock();
                    }
                }
                case 1 -> {
                    LOCK.lock();
                    try {
                        crunch(random);
                        guarded++;
                        LOCKED.incrementAndGet();
                    } finally {
                        LOCK.unlock();
                    }
                }
                case 2 -> {
                    synchronized (MONITOR) {
                        monitored++;
                        MONITORED.incrementAndGet();
                    }
                }
                case 3 -> {
                    synchronized (MONITOR) {
                        crunch(random);
                        monitored++;
                        MONITORED.incrementAndGet();
                    }
                }
                case 4 -> Thread.sleep(random.nextInt(3));
                case 5 -> LockSupport.parkNanos(random.nextInt(1_000_000));
                default -> {
                    if (random.nextBoolean()) {
                        Integer ignored = QUEUE.poll(1, TimeUnit.MILLISECONDS);
                    } else {
                        boolean ignored = QUEUE.offer(1, 1, TimeUnit.MILLISECONDS);
                    }
                }
            }
        }
    }

    public static void main(String[] arguments) throws InterruptedException {
        long seed = Long.parseLong(arguments[0]);
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Long.parseLong(arguments[1]));
        AtomicLong ended = new AtomicLong();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            Random random = new Random(seed + i);
            Thread thread = new Thread(() -> {
                try {
                    work(random, end);
                    ended.incrementAndGet();
                } catch (InterruptedException e) {
                    System.out.println("interrupted");
                }
            });
            threads.add(thread);
        }
        ALL.addAll(threads);
        for (Thread thread : threads) {
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.println(ended + " ended; " + (guarded == LOCKED.get() && monitored == MONITORED.get() && guarded > 0 ? "right" : "wrong"));
    }
}
