package io.github.libco4j.inventory;

import io.github.libco4j.inventory.BlockingCall.Fate;
import io.github.libco4j.inventory.BlockingCall.Step;
import io.github.libco4j.inventory.BlockingCall.Try;
import io.github.libco4j.support.Await;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.lang.ref.ReferenceQueue;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.Exchanger;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.Phaser;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.concurrent.locks.StampedLock;
import java.util.function.Function;
import java.util.stream.IntStream;

/** What waits for time or for another thread. */
@SuppressWarnings({"WaitNotInLoop", "NakedNotify", "FutureReturnValueIgnored"}) // The wait is what is tried.
final class WaitingCalls {
    private static final int MILLIS = SlowKernel.HELD_MILLIS;

    private WaitingCalls() {}

    private static BlockingCall suspends(String where, String calls, String waitFor, Try... tries) {
        return BlockingCall.row(where, calls, waitFor, Fate.SUSPENDS, tries);
    }

    private static BlockingCall threads(String calls, String waitFor, Try... tries) {
        return suspends("Threads and monitors", calls, waitFor, tries);
    }

    private static BlockingCall locks(String calls, String waitFor, Try... tries) {
        return suspends("java.util.concurrent", calls, waitFor, tries);
    }

    private static Callable<String> napping() {
        return () -> {
            Thread.sleep(MILLIS);
            return "";
        };
    }

    static <T> T sleepThen(T value) {
        LockSupport.parkNanos(MILLIS * 1_000_000L);
        return value;
    }

    /** Has another thread run something that calls the step it is given, in which it then stays until the wait is ended. */
    static void heldByAnother(Scene scene, Holder holder) throws InterruptedException {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        Thread.ofPlatform().daemon().start(() -> {
            scene.enter();
            try {
                holder.hold(() -> {
                    held.countDown();
                    over.await();
                });
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        Await.latch(held);
        scene.endedBy(over::countDown);
    }

    /** What holds something while it runs a step. */
    @FunctionalInterface
    interface Holder {
        void hold(Step step) throws Exception;
    }

    static void holding(Lock lock, Step step) throws Exception {
        lock.lock();
        try {
            step.run();
        } finally {
            lock.unlock();
        }
    }

    static void inMonitor(Object monitor, Step step) throws Exception {
        synchronized (monitor) {
            step.run();
        }
    }

    private static Try ofPool(Function<ExecutorService, Step> call) {
        return scene -> {
            ExecutorService pool = Executors.newCachedThreadPool(Thread.ofPlatform().daemon().factory());
            pool.submit(() -> {}).get(); // Its first thread is there.
            return call.apply(pool);
        };
    }

    static List<BlockingCall> calls() {
        return List.of(
                threads("Thread.sleep", "time", _ -> () -> Thread.sleep(MILLIS), _ -> () -> TimeUnit.MILLISECONDS.sleep(MILLIS)),
                threads(
                        "Thread.join",
                        "the end of a thread",
                        _ -> {
                            Thread t = Thread.ofPlatform().daemon().unstarted(() -> sleepThen(0));
                            t.start();
                            return t::join;
                        },
                        _ -> Thread.startVirtualThread(() -> sleepThen(0))::join),
                threads("Object.wait", "a notify, or time", scene -> {
                    Object monitor = new Object();
                    scene.endedBy(() -> inMonitor(monitor, monitor::notifyAll));
                    return () -> inMonitor(monitor, monitor::wait);
                }, _ -> {
                    Object monitor = new Object();
                    return () -> inMonitor(monitor, () -> monitor.wait(MILLIS));
                }),
                threads("synchronized", "the monitor's owner", scene -> {
                    Object monitor = new Object();
                    heldByAnother(scene, step -> inMonitor(monitor, step));
                    return () -> inMonitor(monitor, () -> {});
                }),
                threads(
                        "LockSupport.park, parkNanos, parkUntil",
                        "a permit, or time",
                        scene -> {
                            CompletableFuture<Thread> parked = new CompletableFuture<>();
                            scene.endedBy(() -> LockSupport.unpark(parked.join()));
                            return () -> {
                                parked.complete(Thread.currentThread());
                                LockSupport.park();
                            };
                        },
                        _ -> () -> LockSupport.parkNanos(MILLIS * 1_000_000L),
                        _ -> () -> LockSupport.parkUntil(System.currentTimeMillis() + MILLIS)),
                threads("ReferenceQueue.remove", "the garbage collector", _ -> () -> new ReferenceQueue<String>().remove(MILLIS)),
                threads("ConcurrentHashMap.compute", "another thread that computes beside it", scene -> {
                    ConcurrentHashMap<String, String> map = new ConcurrentHashMap<>();
                    heldByAnother(scene, step -> map.computeIfAbsent("a", _ -> {
                        try {
                            step.run();
                        } catch (Exception e) {
                            throw new IllegalStateException(e);
                        }
                        return "b";
                    }));
                    return () -> map.computeIfAbsent("a", _ -> "c");
                }),
                threads("PipedInputStream.read, PipedReader.read", "a writer", scene -> {
                    PipedInputStream in = new PipedInputStream();
                    PipedOutputStream out = new PipedOutputStream(in);
                    scene.endedBy(() -> {
                        out.write(1);
                        out.flush();
                    });
                    return in::read;
                }, scene -> {
                    PipedReader in = new PipedReader();
                    PipedWriter out = new PipedWriter(in);
                    scene.endedBy(() -> {
                        out.write(1);
                        out.flush();
                    });
                    return in::read;
                }),
                threads("PipedOutputStream.write, PipedWriter.write", "a reader", scene -> {
                    PipedInputStream in = new PipedInputStream(100);
                    PipedOutputStream out = new PipedOutputStream(in);
                    scene.endedBy(() -> in.readNBytes(100));
                    return () -> out.write(new byte[200]);
                }),
                locks(
                        "ReentrantLock.lock, lockInterruptibly, tryLock",
                        "the lock's owner, or time",
                        scene -> {
                            Lock lock = new ReentrantLock();
                            heldByAnother(scene, step -> holding(lock, step));
                            return lock::lock;
                        },
                        scene -> {
                            Lock lock = new ReentrantLock();
                            heldByAnother(scene, step -> holding(lock, step));
                            return () -> lock.tryLock(10, TimeUnit.SECONDS);
                        }),
                locks("ReentrantReadWriteLock", "its owners", scene -> {
                    ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
                    heldByAnother(scene, step -> holding(lock.readLock(), step));
                    return lock.writeLock()::lock;
                }, scene -> {
                    ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
                    heldByAnother(scene, step -> holding(lock.writeLock(), step));
                    return lock.readLock()::lock;
                }),
                locks("StampedLock", "its owners", scene -> {
                    StampedLock lock = new StampedLock();
                    heldByAnother(scene, step -> holding(lock.asWriteLock(), step));
                    return lock::readLock;
                }),
                locks("Condition.await", "a signal, or time", scene -> {
                    Lock lock = new ReentrantLock();
                    Condition condition = lock.newCondition();
                    scene.endedBy(() -> holding(lock, condition::signalAll));
                    return () -> holding(lock, condition::await);
                }),
                locks("Semaphore.acquire", "a permit", scene -> {
                    Semaphore semaphore = new Semaphore(0);
                    scene.endedBy(semaphore::release);
                    return semaphore::acquire;
                }),
                locks("CountDownLatch.await", "the count", scene -> {
                    CountDownLatch latch = new CountDownLatch(1);
                    scene.endedBy(latch::countDown);
                    return latch::await;
                }),
                locks("CyclicBarrier.await", "the others", scene -> {
                    CyclicBarrier barrier = new CyclicBarrier(2);
                    scene.endedBy(barrier::await);
                    return barrier::await;
                }),
                locks("Phaser.arriveAndAwaitAdvance, awaitAdvance", "the others", scene -> {
                    Phaser phaser = new Phaser(2);
                    scene.endedBy(phaser::arrive);
                    return phaser::arriveAndAwaitAdvance;
                }),
                locks("Exchanger.exchange", "the other", scene -> {
                    Exchanger<String> exchanger = new Exchanger<>();
                    scene.endedBy(() -> exchanger.exchange("b"));
                    return () -> exchanger.exchange("a");
                }),
                locks("BlockingQueue.take, poll", "an element", scene -> {
                    LinkedBlockingQueue<String> queue = new LinkedBlockingQueue<>();
                    scene.endedBy(() -> queue.add("a"));
                    return queue::take;
                }, _ -> () -> new ArrayBlockingQueue<String>(1).poll(MILLIS, TimeUnit.MILLISECONDS)),
                locks("BlockingQueue.put, offer", "room", scene -> {
                    ArrayBlockingQueue<String> queue = new ArrayBlockingQueue<>(1);
                    queue.add("a");
                    scene.endedBy(queue::take);
                    return () -> queue.put("b");
                }),
                locks("SynchronousQueue, LinkedTransferQueue.transfer", "the other", scene -> {
                    SynchronousQueue<String> queue = new SynchronousQueue<>();
                    scene.endedBy(queue::take);
                    return () -> queue.put("a");
                }, scene -> {
                    LinkedTransferQueue<String> queue = new LinkedTransferQueue<>();
                    scene.endedBy(queue::take);
                    return () -> queue.transfer("a");
                }),
                locks("DelayQueue.take", "time", _ -> {
                    DelayQueue<Due> queue = new DelayQueue<>();
                    queue.add(new Due(System.nanoTime() + MILLIS * 1_000_000L));
                    return queue::take;
                }),
                locks("Future.get, FutureTask.get", "a result", scene -> {
                    FutureTask<String> task = new FutureTask<>(() -> "a");
                    scene.endedBy(task::run);
                    return task::get;
                }),
                locks("CompletableFuture.get, join", "a result", scene -> {
                    CompletableFuture<String> future = new CompletableFuture<>();
                    scene.endedBy(() -> future.complete("a"));
                    return future::join;
                }),
                locks("ForkJoinTask.join, ForkJoinPool.invoke", "a task", _ -> {
                    ForkJoinPool pool = new ForkJoinPool(1);
                    pool.submit(() -> {}).get();
                    return () -> pool.submit(napping()).join();
                }, _ -> () -> new ForkJoinPool(1).invoke(ForkJoinTask.adapt(napping()))),
                locks("Parallel streams", "the tasks", _ -> () -> IntStream.range(0, 4).parallel().forEach(WaitingCalls::sleepThen)),
                locks(
                        "ExecutorService.invokeAll, invokeAny",
                        "the tasks",
                        ofPool(pool -> () -> pool.invokeAll(List.of(napping()))),
                        ofPool(pool -> () -> pool.invokeAny(List.of(napping())))),
                locks("ExecutorService.awaitTermination, close", "the tasks", ofPool(pool -> {
                    Future<String> _ = pool.submit(napping());
                    return pool::close;
                })),
                locks("CompletionService.take", "a task", ofPool(pool -> {
                    var service = new ExecutorCompletionService<String>(pool);
                    var _ = service.submit(napping());
                    return service::take;
                })),
                locks("SubmissionPublisher.submit", "a subscriber", scene -> {
                    SubmissionPublisher<String> publisher =
                            scene.closing(new SubmissionPublisher<>(ForkJoinPool.commonPool(), 1));
                    SlowSubscriber subscriber = new SlowSubscriber();
                    publisher.subscribe(subscriber);
                    subscriber.subscribed.await();
                    scene.endedBy(() -> subscriber.subscription.join().request(10));
                    return () -> {
                        for (int i = 0; i < 4; i++) {
                            publisher.submit("a");
                        }
                    };
                }));
    }

    private record Due(long when) implements Delayed {
        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(when - System.nanoTime(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
        }
    }

    /** Wants nothing until it is told to. */
    private static final class SlowSubscriber implements Flow.Subscriber<String> {
        final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
        final CountDownLatch subscribed = new CountDownLatch(1);

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription.complete(given);
            subscribed.countDown();
        }

        @Override
        public void onNext(String item) {}

        @Override
        public void onError(Throwable throwable) {}

        @Override
        public void onComplete() {}
    }
}
