package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeModel;
import java.lang.classfile.instruction.InvokeInstruction;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What happens when a coroutine is resumed, when it reads, and when another thread unparks it: the calls, from file to file.
 * Each call is looked up in the code, and the files are counted, since nobody follows what is spread over many. Between two
 * groups the JDK calls. Not counted are interfaces, and what only hands a system call on.
 */
@Tag("any-readiness")
class PathsTest {
    private static final String LOOP = "io/github/libco4j/internal/loop/";
    private static final Map<String, String> FILES = Map.ofEntries(
            Map.entry("Coroutine", "io/github/libco4j/"),
            Map.entry("Scheduler", LOOP),
            Map.entry("Task", LOOP),
            Map.entry("Refusals", LOOP),
            Map.entry("Loop", LOOP),
            Map.entry("ReadyQueue", LOOP),
            Map.entry("RemoteQueue", LOOP),
            Map.entry("Sleep", LOOP),
            Map.entry("Seat", LOOP),
            Map.entry("Spares", LOOP),
            Map.entry("Watchdog$Watch", LOOP),
            Map.entry("LoopThread", "io/github/libco4j/internal/jdk/"),
            Map.entry("BlockingCalls", "META-INF/libco4j/java/lang/"),
            Map.entry("EpollReadiness", "io/github/libco4j/internal/interposition/"),
            Map.entry("CoroutineContinuation", "io/github/libco4j/internal/jdk/"),
            Map.entry("CoroutineThreads", "META-INF/libco4j/java/lang/"),
            Map.entry("LoopPoller", "META-INF/libco4j/sun/nio/ch/"),
            Map.entry("LoopPoller$Routes", "META-INF/libco4j/sun/nio/ch/"),
            Map.entry("LoopCoroutine", "META-INF/libco4j/sun/nio/ch/"),
            Map.entry("DescriptorTable", "META-INF/libco4j/sun/nio/ch/"));

    @Test
    void aResumeAndAYieldAreInSixFiles() throws Exception {
        assertThat(filesOf(List.of(
                        "Coroutine.resume > Scheduler.resume",
                        "Scheduler.resume > Refusals.requireSuspended",
                        "Scheduler.resume > Scheduler.handOver",
                        "Scheduler.handOver > CoroutineContinuation.unpinMeanwhile",
                        // Thread.yield: the JDK announces that the thread is runnable ...
                        "Scheduler.execute > Scheduler.isLoopThread",
                        // ... and when it has left, the next one goes on.
                        "CoroutineThreads.run > Scheduler.next",
                        "Scheduler.next > Scheduler.afterRun",
                        "Scheduler.next > Scheduler.begin",
                        "Scheduler.begin > Task.countRun",
                        "Scheduler.handOver > Scheduler.goOn",
                        "Coroutine.yield > Scheduler.yieldCurrent",
                        "Scheduler.yieldCurrent > Scheduler.suspend",
                        "Scheduler.suspend > Scheduler.handOver",
                        "Scheduler.afterRun > Scheduler.takeResumer")))
                .hasSizeLessThanOrEqualTo(6);
    }

    @Test
    void aReadThatBlocksIsInElevenFiles() throws Exception {
        assertThat(filesOf(List.of(
                        // Poller.poll: registers the wait, and parks.
                        "LoopPoller.implRegister > LoopCoroutine.waitsOfCurrent",
                        "LoopCoroutine.waitsOfCurrent > CoroutineContinuation.waits",
                        "CoroutineContinuation.waits > Task.readiness",
                        "LoopPoller.implRegister > EpollReadiness.await",
                        "EpollReadiness.await > LoopCoroutine.beginWait",
                        "EpollReadiness.await > DescriptorTable.put",
                        "EpollReadiness.await > EpollReadiness.arm",
                        "CoroutineThreads.run > Scheduler.next",
                        "Scheduler.afterRun > Scheduler.block",
                        "Loop.iterate > Loop.awaitReadiness",
                        "Loop.awaitReadiness > EpollReadiness.await",
                        "EpollReadiness.await > EpollReadiness.poll",
                        "EpollReadiness.poll > EpollReadiness.dispatch",
                        "EpollReadiness.wake > DescriptorTable.take",
                        // LockSupport.unpark.
                        "Scheduler.execute > Scheduler.executeHere",
                        "Scheduler.executeHere > Scheduler.accept",
                        "Scheduler.accept > ReadyQueue.add",
                        "Loop.iterate > Loop.runReady",
                        "Loop.runReady > Scheduler.runReady",
                        "Scheduler.runReady > Scheduler.run",
                        "Scheduler.run > CoroutineContinuation.run",
                        "CoroutineContinuation.run > CoroutineThreads.run",
                        "LoopPoller$Routes.remove > EpollReadiness.leave",
                        "EpollReadiness.leave > LoopCoroutine.endWait")))
                .hasSizeLessThanOrEqualTo(11);
    }

    @Test
    void anUnparkFromAnotherThreadIsInNineFiles() throws Exception {
        assertThat(filesOf(List.of(
                        // LockSupport.unpark.
                        "Scheduler.execute > Scheduler.isLoopThread",
                        "Scheduler.execute > CoroutineContinuation.threadOf",
                        "CoroutineContinuation.threadOf > CoroutineThreads.thread",
                        "Scheduler.execute > Task.of",
                        "Scheduler.execute > Scheduler.executeElsewhere",
                        "Scheduler.executeElsewhere > RemoteQueue.submit",
                        "Scheduler.executeElsewhere > Sleep.interrupt",
                        "Sleep.interrupt > EpollReadiness.wakeup",
                        // The loop is awake.
                        "Loop.iterate > Loop.takeSubmissions",
                        "Loop.takeSubmissions > Scheduler.takeRemote",
                        "Scheduler.takeRemote > RemoteQueue.takeAll",
                        "RemoteQueue.takeAll > Scheduler.accept",
                        "Scheduler.accept > ReadyQueue.add")))
                .hasSizeLessThanOrEqualTo(9);
    }

    @Test
    void aCallThatBlocksIsInTwelveFiles() throws Exception {
        assertThat(filesOf(List.of(
                        // Blocker.begin.
                        "LoopThread.beginBlocking > BlockingCalls.begin",
                        "BlockingCalls.begin > LoopCoroutine.enter",
                        "Task.beginCall > Scheduler.beginCall",
                        "Scheduler.beginCall > Seat.lend",
                        // On the watchdog's thread.
                        "Watchdog$Watch.lookAtSeat > Watchdog$Watch.pass",
                        "Watchdog$Watch.pass > Spares.replace",
                        "Spares.replace > Seat.pass",
                        // On a spare thread.
                        "Loop.sit > Loop.runSeated",
                        "Loop.runSeated > Scheduler.sitDown",
                        "Loop.runSeated > Loop.iterate",
                        // Blocker.end.
                        "LoopThread.endBlocking > BlockingCalls.end",
                        "BlockingCalls.end > LoopCoroutine.leave",
                        "Task.endCall > Scheduler.endCall",
                        "Scheduler.endCall > Seat.takeBack",
                        "Scheduler.endCall > Scheduler.sitAgain",
                        // Thread.yield.
                        "Scheduler.execute > Scheduler.executeElsewhere",
                        "CoroutineThreads.run > Scheduler.next",
                        // The home thread.
                        "Loop.run > Loop.awaitSeat",
                        "Loop.awaitSeat > Seat.claimForHome",
                        "Loop.iterate > Seat.passToClaimant")))
                .hasSizeLessThanOrEqualTo(12);
    }

    /** The files that a path leads through, after a look whether each call of it is in the code. */
    private static Set<String> filesOf(List<String> path) throws Exception {
        Set<String> files = new LinkedHashSet<>();
        for (String call : path) {
            int arrow = call.indexOf(" > ");
            String calling = call.substring(0, arrow);
            String called = call.substring(arrow + 3);
            String caller = calling.substring(0, calling.indexOf('.'));
            String callee = called.substring(0, called.indexOf('.'));
            String calledMethod = called.substring(callee.length() + 1);
            assertThat(callsOf(caller, calling.substring(caller.length() + 1))).as(call).contains(calledMethod);
            assertThat(methodsOf(callee)).as(call).contains(calledMethod);
            files.add(caller.replaceAll("\\$.*", ""));
            files.add(callee.replaceAll("\\$.*", ""));
        }
        return files;
    }

    private static Set<String> callsOf(String file, String method) throws Exception {
        return classFile(file).methods().stream()
                .filter(each -> each.methodName().equalsString(method))
                .flatMap(each -> each.code().stream())
                .flatMap(CodeModel::elementStream)
                .filter(InvokeInstruction.class::isInstance)
                .map(call -> ((InvokeInstruction) call).name().stringValue())
                .collect(Collectors.toSet());
    }

    private static Set<String> methodsOf(String file) throws Exception {
        return classFile(file).methods().stream()
                .map(method -> method.methodName().stringValue())
                .collect(Collectors.toSet());
    }

    private static ClassModel classFile(String file) throws Exception {
        String name = "/" + FILES.get(file) + file + ".class";
        try (InputStream in = EventLoop.class.getResourceAsStream(name)) {
            return ClassFile.of().parse(Objects.requireNonNull(in, name).readAllBytes());
        }
    }
}
