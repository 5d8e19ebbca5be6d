package io.github.libco4j.support;

import io.github.libco4j.Coroutine;
import io.github.libco4j.EventLoop;
import io.github.libco4j.Interposition;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Stack overflows at random depths, where coroutines switch: {@code main(times, seed)} prints how many there were. Run in a
 * process of its own, since a JVM may crash.
 */
public final class Overflows {
    private static final int OPS = 7;

    private static int last;
    private static int larger;

    private Overflows() {}

    public static void main(String[] args) throws Exception {
        int times = Integer.parseInt(args[0]);
        Random random = new Random(Long.parseLong(args[1]));
        int overflows = 0;
        EventLoop loop = EventLoop.builder().name("overflows").stackSize(200 << 10).start();
        while (overflows < times) {
            int op = random.nextInt(OPS);
            int shape = random.nextInt(3);
            loop.spawn(() -> overflows(-1, op, shape)).join(); // Writes how deep it came.
            int depth = last - random.nextInt(random.nextBoolean() ? 40 : 400);
            boolean[] overflowed = new boolean[1];
            AtomicBoolean done = new AtomicBoolean();
            Coroutine coroutine = loop.create(() -> {
                overflowed[0] = overflows(depth, op, shape);
                done.set(true);
            });
            Coroutine driver = loop.spawn(() -> {
                while (!done.get()) {
                    switch (coroutine.state()) {
                        case NEW, YIELDED -> coroutine.resume();
                        default -> Thread.sleep(Duration.ofNanos(100_000));
                    }
                }
            });
            if (!driver.join(Duration.ofSeconds(20))) {
                System.out.println("stuck: op " + op + ", shape " + shape + ", depth " + depth + " of " + last);
                System.exit(1);
            }
            overflows += overflowed[0] ? 2 : 1; // The first one of the two always does.
        }
        loop.shutdown();
        System.out.println(overflows + " overflows, " + larger + " coroutines went on on a larger stack");
        System.exit(0);
    }

    private static boolean overflows(int until, int op, int shape) {
        try {
            int ignored = recurse(0, until, op, shape);
            return false;
        } catch (StackOverflowError expected) {
            return true;
        } catch (InternalError atFirstUse) { // Of a class or a lambda, which was cut short.
            return atFirstUse.getCause() instanceof StackOverflowError;
        }
    }

    private static int recurse(int depth, int until, int op, int shape) {
        last = depth;
        if (depth == until) {
            switches(op);
            larger += EventLoop.current().thread().getName().contains("-spare-") ? 1 : 0;
            return 0;
        }
        return switch (shape) {
            case 0 -> recurse(depth + 1, until, op, shape) + 1;
            case 1 -> wide(depth, until, op, shape, 1, 2, 3, 4, 5, 6);
            default -> new Object[] {depth, until}.length + recurse(depth + 1, until, op, shape);
        };
    }

    private static int wide(int depth, int until, int op, int shape, long a, long b, long c, long d, long e, long f) {
        int r = recurse(depth + 1, until, op, shape);
        return (int) (r + a + b + c + d + e + f);
    }

    @SuppressWarnings("ThreadPriorityCheck") // No hint: the loop queues the caller.
    private static void switches(int op) {
        switch (op) {
            case 0 -> Coroutine.yield();
            case 1 -> Thread.yield();
            case 2 -> LockSupport.parkNanos(1);
            case 3 -> {
                LockSupport.unpark(Thread.currentThread());
                LockSupport.park();
            }
            case 4 -> Interposition.<Integer, RuntimeException>blocking(() -> 1);
            case 5 -> EventLoop.current().create(() -> {}).resume();
            default -> {}
        }
    }
}
