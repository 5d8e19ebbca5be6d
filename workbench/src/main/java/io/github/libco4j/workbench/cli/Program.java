package io.github.libco4j.workbench.cli;

import java.io.PrintWriter;
import java.lang.reflect.AnnotatedElement;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * A program whose arguments are fields, marked with picocli's annotations and {@link Range}. Arguments that it cannot use
 * are answered with what is wrong, the usage, and exit code 2, and so is a {@link UsageException}; {@code --help} prints the
 * usage.
 */
public interface Program extends Callable<Integer> {
    /** Does what the program is for; its fields are set. A program may leave threads behind that go on. */
    void run() throws Exception;

    /** {@link #run} as picocli calls it. */
    @Override
    default Integer call() throws Exception {
        run();
        return 0;
    }

    /** Runs the program of {@code main}, and exits if it has failed. */
    static void main(Program program, String... arguments) {
        int code = commandLine(program).execute(arguments);
        if (code != 0) {
            System.exit(code);
        }
    }

    /** The program's command line, which sets its fields, and refuses what they cannot hold. */
    static CommandLine commandLine(Program program) {
        CommandLine line = new CommandLine(program);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setUsageHelpAutoWidth(true);
        line.setParameterExceptionHandler(Program::refuse);
        line.setExecutionStrategy(parsed -> {
            parsed.asCommandLineList().forEach(Program::checkRanges);
            try {
                return new CommandLine.RunLast().execute(parsed);
            } catch (ExecutionException e) {
                if (e.getCause() instanceof UsageException usage) {
                    throw new ParameterException(e.getCommandLine(), usage.getMessage(), usage);
                }
                throw e;
            }
        });
        prepare(line);
        return line;
    }

    private static void prepare(CommandLine line) {
        line.getCommandSpec().usageMessage().synopsisHeading("usage: ");
        line.getCommandSpec().addOption(OptionSpec.builder("-h", "--help").usageHelp(true).hidden(true).build());
        line.getSubcommands().values().forEach(Program::prepare);
    }

    /** Throws if an argument is outside of its {@link Range}. */
    private static void checkRanges(CommandLine line) {
        for (ArgSpec argument : line.getParseResult().matchedArgs()) {
            Range range = argument.userObject() instanceof AnnotatedElement e ? e.getAnnotation(Range.class) : null;
            Object value = argument.getValue();
            if (range != null && value instanceof Number number
                    && !(number.doubleValue() >= range.least() && number.doubleValue() <= range.most())) {
                throw new ParameterException(line, name(argument) + " must be from " + plain(range.least()) + " to "
                        + plain(range.most()) + ", not " + number);
            }
        }
    }

    private static int refuse(ParameterException problem, String[] arguments) {
        CommandLine line = problem.getCommandLine();
        PrintWriter err = line.getErr();
        boolean positional = problem instanceof MissingParameterException missing
                && !missing.getMissing().isEmpty() && !missing.getMissing().getFirst().isOption();
        err.println(positional
                ? name(((MissingParameterException) problem).getMissing().getFirst()) + " is missing"
                : problem.getMessage());
        line.usage(err);
        err.flush();
        return line.getCommandSpec().exitCodeOnInvalidInput();
    }

    private static String name(ArgSpec argument) {
        return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
    }

    private static String plain(double number) {
        return new DecimalFormat("0.#########", DecimalFormatSymbols.getInstance(Locale.ROOT)).format(number);
    }
}
