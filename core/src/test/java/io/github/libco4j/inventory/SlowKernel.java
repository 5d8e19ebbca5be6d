package io.github.libco4j.inventory;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Runs a program for which the kernel is slow, where the program asks for it: the next system call of one kind that the asking
 * thread makes takes {@link #HELD_MILLIS} longer. So a call that waits for a disk can be made to wait, without root and without a slow disk.
 *
 * <p>The program is started by a thread with a seccomp filter, which the program and its children inherit (seccomp_unotify(2)). The kernel
 * tells this process of each system call that the filter names, and makes it when this process says so. A call with the number
 * {@link #ASK}, which the kernel does not have, is the program's way to ask.
 */
@SuppressWarnings("restricted") // By option, both for this process and for the program.
final class SlowKernel {
    /** For how long a system call is held. */
    static final int HELD_MILLIS = 300;

    /** Kinds of system calls, by their numbers on x86-64 Linux. */
    enum Kind {
        OPEN(2, 257),
        CLOSE(3),
        STAT(4, 5, 6, 262, 332),
        SEEK(8),
        MAP(9),
        PREAD(17),
        PWRITE(18),
        ACCESS(21, 269, 439),
        SYNC_MAP(26),
        ADVISE(28),
        SOCKET(41),
        BIND(49),
        SEND_FILE(40, 326),
        CLONE(56, 58, 435),
        SYNC(74, 75),
        TRUNCATE(77),
        RENAME(82, 264, 316),
        MAKE_DIRECTORY(83),
        REMOVE(84, 87, 263),
        LINK(86, 88),
        READ_LINK(89),
        SET_MODE(90, 91),
        SET_OWNER(92, 93, 94),
        STAT_FS(137, 138),
        READ_DIRECTORY(217),
        SET_TIME(280);

        @SuppressWarnings("ImmutableEnumChecker") // Nobody changes it.
        private final int[] numbers;

        Kind(int... numbers) {
            this.numbers = numbers;
        }
    }

    /** The tests' own. */
    static final String CLASS_PATH = System.getProperty("java.class.path");

    private static final String NATIVE_ACCESS = "--enable-native-access=ALL-UNNAMED";
    private static final int ASK = 1000;
    private static final int ARCHITECTURE = 0xC000003E; // AUDIT_ARCH_X86_64
    private static final int RECEIVE = 0xC0502100; // SECCOMP_IOCTL_NOTIF_RECV
    private static final int SEND = 0xC0182101; // SECCOMP_IOCTL_NOTIF_SEND

    private static final MethodHandle SYSTEM_CALL = systemCall();

    private SlowKernel() {}

    private static MethodHandle systemCall() {
        Linker linker = Linker.nativeLinker();
        MemoryLayout[] arguments = new MemoryLayout[6];
        Arrays.fill(arguments, JAVA_LONG);
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow("syscall"), FunctionDescriptor.of(JAVA_LONG, arguments));
    }

    private static long call(long number, long a, long b, long c) {
        try {
            return (long) SYSTEM_CALL.invokeExact(number, a, b, c, 0L, 0L);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** In the program: holds the calling thread's next system call of a kind. Tells whether there is somebody who does that. */
    @SuppressWarnings("EnumOrdinal") // Both processes have the same enum.
    static boolean holdNext(Kind kind) {
        return call(ASK, kind.ordinal(), 0, 0) == 1;
    }

    /** In the program: tells whether system calls can be held. */
    static boolean isThere() {
        return call(ASK, -1, 0, 0) == 1;
    }

    /** Runs a main class of the tests on a slow kernel, to its end, which must come soon and be a success; the lines of the file it writes. */
    static List<String> java(Path output, List<String> options, String classPath, Class<?> main, String... arguments)
            throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = new ArrayList<>(
                List.of(java, NATIVE_ACCESS, "-cp", CLASS_PATH, SlowKernel.class.getName(), java, NATIVE_ACCESS));
        command.addAll(List.of("--add-opens", "java.base/java.lang=ALL-UNNAMED", "-ea", "-Dlibco4j.stall=0"));
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, main.getName(), output.toString()));
        command.addAll(List.of(arguments));
        Path printed = Files.createTempFile("slow", ".out");
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(printed.toFile());
        builder.environment().remove("TZ"); // So that the JDK looks for the time zone in a file.
        Process process = builder.start();
        try {
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).as("has ended").isTrue();
            assertThat(process.exitValue()).as(Files.readString(printed)).isZero();
            return Files.readAllLines(output);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            Files.delete(printed);
        }
    }

    /**
     * Runs a command to its end, and ends with its status. The command's standard streams are pipes that nobody uses meanwhile. Where the
     * kernel has no such filters, nothing is slow.
     */
    public static void main(String[] command) throws Exception {
        CompletableFuture<Long> listener = new CompletableFuture<>();
        CompletableFuture<Process> program = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> serve(listener.join()));
        // Not by the filtered thread: what it makes the kernel tell of while the JVM stops its threads would never be answered.
        new ProcessBuilder("true").start().waitFor();
        Thread.ofPlatform().start(() -> {
            listener.complete(filter());
            try {
                program.complete(new ProcessBuilder(command).start());
            } catch (IOException e) {
                program.completeExceptionally(e);
            }
        });
        int status = program.get().waitFor();
        program.get().getErrorStream().transferTo(System.err);
        System.exit(status);
    }

    /** Filters this thread's system calls, and those of the processes that it starts; the descriptor at which they are told, or -1. */
    private static long filter() {
        if (!System.getProperty("os.arch").equals("amd64")) {
            return -1;
        }
        int[] numbers = IntStream.concat(
                        List.of(Kind.values()).stream().flatMapToInt(kind -> IntStream.of(kind.numbers)), IntStream.of(ASK))
                .toArray();
        // struct sock_filter, as longs: code, jump if true, jump if false, operand.
        List<Long> program = new ArrayList<>();
        program.add(instruction(0x20, 0, 0, 4)); // Load the architecture.
        program.add(instruction(0x15, 1, 0, ARCHITECTURE));
        program.add(instruction(0x06, 0, 0, 0x7fff0000)); // Allow.
        program.add(instruction(0x20, 0, 0, 0)); // Load the number.
        program.add(instruction(0x15, 0, 3, Kind.MAP.numbers[0]));
        program.add(instruction(0x20, 0, 0, 16 + 4 * 8)); // Memory that maps no file is not our business.
        program.add(instruction(0x15, numbers.length + 1, 0, -1));
        program.add(instruction(0x20, 0, 0, 0));
        for (int i = 0; i < numbers.length; i++) {
            program.add(instruction(0x15, numbers.length - i, 0, numbers[i]));
        }
        program.add(instruction(0x06, 0, 0, 0x7fff0000));
        program.add(instruction(0x06, 0, 0, 0x7fc00000)); // Tell.
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment instructions =
                    arena.allocateFrom(JAVA_LONG, program.stream().mapToLong(Long::longValue).toArray());
            MemorySegment whole = arena.allocate(16, 8);
            whole.set(JAVA_INT, 0, program.size());
            whole.set(ADDRESS, 8, instructions);
            boolean ready = call(157, 38, 1, 0) == 0; // prctl(PR_SET_NO_NEW_PRIVS)
            return ready ? call(317, 1, 8, whole.address()) : -1; // SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER
        }
    }

    private static long instruction(int code, int ifTrue, int ifFalse, int operand) {
        return code | (long) ifTrue << 16 | (long) ifFalse << 24 | (long) operand << 32;
    }

    /** Answers for each system call that is told of: later, if its thread has asked for it. */
    private static void serve(long listener) {
        if (listener < 0) {
            return;
        }
        Map<Integer, Kind> asked = new HashMap<>();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment told = arena.allocate(80, 8);
            while (true) {
                told.fill((byte) 0);
                if (call(16, listener, RECEIVE, told.address()) != 0) {
                    continue; // The thread was interrupted, or has ended.
                }
                long id = told.get(JAVA_LONG, 0);
                int thread = told.get(JAVA_INT, 8);
                int number = told.get(JAVA_INT, 16);
                Kind kind = asked.get(thread);
                if (number == ASK) {
                    int wanted = told.get(JAVA_INT, 32);
                    if (wanted >= 0) {
                        asked.put(thread, Kind.values()[wanted]);
                    }
                    answer(listener, id, 1, 0);
                } else if (kind != null && IntStream.of(kind.numbers).anyMatch(n -> n == number)) {
                    asked.remove(thread);
                    Thread.startVirtualThread(() -> {
                        try {
                            Thread.sleep(HELD_MILLIS);
                        } catch (InterruptedException e) {
                            throw new AssertionError(e);
                        }
                        answer(listener, id, 0, 1);
                    });
                } else {
                    answer(listener, id, 0, 1); // SECCOMP_USER_NOTIF_FLAG_CONTINUE: the kernel makes the call.
                }
            }
        }
    }

    private static void answer(long listener, long id, long value, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment answer = arena.allocate(24, 8);
            answer.set(JAVA_LONG, 0, id);
            answer.set(JAVA_LONG, 8, value);
            answer.set(JAVA_INT, 20, flags);
            call(16, listener, SEND, answer.address());
        }
    }
}
