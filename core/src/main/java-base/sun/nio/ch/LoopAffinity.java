package sun.nio.ch;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Keeps a thread on one processor: {@code sched_setaffinity(2)} of Linux, by the foreign-function API. It lives in
 * {@code java.base}, which needs no leave to call native functions; so a program needs no option, and sees no warning.
 */
public final class LoopAffinity {
    private LoopAffinity() {}

    /**
     * Lets the calling platform thread run on one processor only. The first call sets the foreign-function API up.
     *
     * @param cpu the processor's number, counted from 0
     * @return whether the operating system has agreed; it does not if it has no such call or no such processor, or if the
     *     process may not use that
     */
    @SuppressWarnings("restricted") // From here it is allowed.
    public static boolean pinCurrentThread(int cpu) {
        Linker linker = Linker.nativeLinker();
        MemorySegment function = linker.defaultLookup().find("sched_setaffinity").orElse(null);
        if (function == null) {
            return false;
        }
        MethodHandle setAffinity = linker.downcallHandle(
                function,
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS));
        int words = cpu / Long.SIZE + 1;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mask = arena.allocate(ValueLayout.JAVA_LONG, words);
            mask.setAtIndex(ValueLayout.JAVA_LONG, cpu / Long.SIZE, 1L << cpu % Long.SIZE);
            return (int) setAffinity.invokeExact(0, (long) words * Long.BYTES, mask) == 0; // 0: the calling thread.
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e); // A native function throws nothing.
        }
    }
}
