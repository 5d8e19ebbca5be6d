package io.github.libco4j.examples;

import io.github.libco4j.examples.kv.KvServer;
import io.github.libco4j.examples.libco.Closure;
import io.github.libco4j.examples.libco.Cond;
import io.github.libco4j.examples.libco.CopyStack;
import io.github.libco4j.examples.libco.EchoClient;
import io.github.libco4j.examples.libco.EchoServer;
import io.github.libco4j.examples.libco.Poll;
import io.github.libco4j.examples.libco.SetEnv;
import io.github.libco4j.examples.libco.Specific;
import io.github.libco4j.examples.libco.TenMillion;
import io.github.libco4j.examples.libco.Threads;
import io.github.libco4j.examples.report.PlantedFaults;
import io.github.libco4j.workbench.cli.Program;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;

/**
 * Runs an example by its name, with the rest of the arguments; without a name it lists them. Arguments that the example
 * cannot use are answered with its usage, and exit code 2.
 */
public final class Examples {
    private static final List<Program> PROGRAMS = List.of(new Closure(), new Cond(), new CopyStack(), new EchoServer(),
            new EchoClient(), new Poll(), new SetEnv(), new Specific(), new Threads(), new TenMillion(), new KvServer(), new PlantedFaults());

    private Examples() {}

    /** Runs the example that the first argument names; exits with 2 if there is none of that name. */
    public static void main(String[] args) {
        if (args.length == 0 || Set.of("--list", "--help", "-h").contains(args[0])) {
            list(System.out);
            return;
        }
        for (Program program : PROGRAMS) {
            if (command(program).name().equals(args[0])) {
                Program.main(program, Arrays.copyOfRange(args, 1, args.length));
                return;
            }
        }
        System.err.println("no example is named " + args[0]);
        System.err.println("usage: example NAME [ARGUMENT...], where NAME is one of");
        list(System.err);
        System.exit(2);
    }

    private static void list(PrintStream out) {
        for (Program program : PROGRAMS) {
            out.printf("  %-11s  %s%n", command(program).name(), command(program).description()[0]);
        }
        // The launcher starts it by itself: it is an executable jar of its own.
        out.printf("  %-11s  %s%n", "spring", "A Spring Boot application on two loops: REST, JPA and Flyway on PostgreSQL.");
    }

    private static Command command(Program program) {
        return program.getClass().getAnnotation(Command.class);
    }
}
