package io.github.libco4j.examples.kv;

/** A command that cannot be done. It is answered with {@link #reply}, and the connection goes on. */
final class CommandException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String reply;

    CommandException(String reply) {
        // A client's mistake is no event worth a stack trace.
        super(reply, null, false, false);
        this.reply = reply;
    }

    /** The error reply, code word first. */
    String reply() {
        return reply;
    }

    static CommandException syntaxError() {
        return new CommandException("ERR syntax error");
    }

    static CommandException wrongType() {
        return new CommandException("WRONGTYPE Operation against a key holding the wrong kind of value");
    }

    static CommandException notAnInteger() {
        return new CommandException("ERR value is not an integer or out of range");
    }

    static CommandException wrongArity(String command) {
        return new CommandException("ERR wrong number of arguments for '" + command + "' command");
    }
}
