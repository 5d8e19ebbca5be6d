package io.github.libco4j.bench.worker;

import co.paralleluniverse.fibers.Fiber;
import co.paralleluniverse.fibers.SuspendExecution;
import co.paralleluniverse.strands.SuspendableRunnable;
import io.github.libco4j.bench.kotlin.Workloads;
import kilim.Pausable;
import kilim.Task;
import kilim.WeavingClassLoader;

/** Two that do nothing but let each other run, through the ready queue. */
@SuppressWarnings("ThreadPriorityCheck") // To yield is what this is about.
final class Yields {
    private Yields() {}

    static Workload on(String kind, int times) {
        return () -> {
            Stopwatch watch = new Stopwatch();
            switch (kind) {
                case "kotlin" -> Workloads.yields(times);
                case "quasar" -> QuasarFiber.run(times);
                case "kilim" -> KilimTask.run(times);
                default -> threads(Threads.of(kind), times);
            }
            return watch.stop(2L * times);
        };
    }

    private static void threads(Threads threads, int times) throws Exception {
        threads.run(() -> {
            Runnable yields = () -> {
                for (int i = 0; i < times; i++) {
                    Thread.yield();
                }
            };
            Thread other = threads.start(yields);
            yields.run();
            other.join();
            return true;
        });
    }

    /** Quasar's agent weaves this; where it cannot, what it says is what the table shows. */
    private static final class QuasarFiber implements SuspendableRunnable {
        private static final long serialVersionUID = 1;

        private final int times;

        private QuasarFiber(int times) {
            this.times = times;
        }

        static void run(int times) throws Exception {
            Fiber<Void> one = new Fiber<Void>(new QuasarFiber(times)).start();
            Fiber<Void> other = new Fiber<Void>(new QuasarFiber(times)).start();
            one.join();
            other.join();
        }

        @Override
        public void run() throws SuspendExecution, InterruptedException {
            for (int i = 0; i < times; i++) {
                Fiber.yield();
            }
        }
    }

    /** Kilim weaves a class before it can run; where it cannot, its error is what the table shows. */
    static final class KilimTask extends Task<Integer> {
        private final int times;

        private KilimTask(int times) {
            this.times = times;
        }

        /** Runs main below in a class loader that weaves. */
        static void run(int times) throws Exception {
            new WeavingClassLoader().run(KilimTask.class.getName(), "main", Integer.toString(times));
        }

        public static void main(String[] arguments) {
            int times = Integer.parseInt(arguments[0]);
            Task<Integer> one = new KilimTask(times).start();
            Task<Integer> other = new KilimTask(times).start();
            one.joinb();
            other.joinb();
        }

        @Override
        public void execute() throws Pausable, Exception {
            for (int i = 0; i < times; i++) {
                Task.yield();
            }
        }
    }
}
