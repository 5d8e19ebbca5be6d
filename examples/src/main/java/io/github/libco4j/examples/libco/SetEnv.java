package io.github.libco4j.examples.libco;

import io.github.libco4j.Coroutine;
import io.github.libco4j.Environment;
import io.github.libco4j.EventLoop;
import io.github.libco4j.workbench.cli.Program;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;

/**
 * Shows that coroutines can have environment variables of their own: three of one thread each set CGINAME, sleep, and
 * find their own value again, by System.getenv and in a child process. It needs the agent, which {@code ./libco} adds.
 *
 * <p>Answers example_setenv.cpp, which has to list such names first, by co_set_env_list.
 */
@Command(name = "setenv", description = "environment variables of each coroutine's own")
public final class SetEnv implements Program {
    private static final String NAME = "CGINAME";

    @Override
    public void run() throws Exception {
        List<Coroutine> coroutines = new ArrayList<>();
        try (EventLoop loop = EventLoop.builder().name("setenv").start()) {
            for (int i = 0; i < 3; i++) {
                String value = "cgi_" + i;
                coroutines.add(loop.spawn("routine-" + i, () -> setAndGet(value)));
            }
            for (Coroutine coroutine : coroutines) {
                coroutine.join();
            }
        }
        System.out.println("process " + NAME + " " + System.getenv(NAME));
    }

    private static void setAndGet(String value) throws Exception {
        String self = Thread.currentThread().getName();
        Environment.set(NAME, value);
        System.out.println(self + " set " + NAME + " " + value);
        Thread.sleep(100);
        System.out.println(self + " get " + NAME + " " + System.getenv(NAME));
        Process child = new ProcessBuilder("sh", "-c", "echo $" + NAME).start();
        System.out.println(self + " child " + NAME + " " + child.inputReader().readLine());
    }
}
