package io.github.libco4j.workbench.load;

import java.nio.ByteBuffer;

/**
 * Expects back what it has sent. Each message starts with its number, as far as there is room, and goes on with bytes
 * that depend on the connection, so that a message that is lost, doubled, or another connection's is noticed.
 */
public final class Echo implements Conversation {
    private final int connection;
    private final ByteBuffer message;

    private Echo(int connection, int size) {
        this.connection = connection;
        this.message = ByteBuffer.allocateDirect(size);
        for (int i = 0; i < size; i++) {
            message.put(i, (byte) (connection + i));
        }
    }

    /** Messages of so many bytes. */
    public static Protocol ofSize(int size) {
        return connection -> new Echo(connection, size);
    }

    @Override
    public int requestSize() {
        return message.capacity();
    }

    @Override
    public int answerSize() {
        return message.capacity();
    }

    @Override
    public void putRequest(ByteBuffer to, long number) {
        to.put(numbered(number));
    }

    @Override
    public boolean takeAnswer(ByteBuffer from, long number) throws WrongAnswerException {
        int size = message.capacity();
        if (from.remaining() < size) {
            return false;
        }
        int limit = from.limit();
        from.limit(from.position() + size);
        int wrong = from.mismatch(numbered(number));
        if (wrong >= 0) {
            throw new WrongAnswerException("connection " + connection + ", message " + number + ": byte " + wrong
                    + " is " + from.get(from.position() + wrong) + " and should be " + message.get(wrong));
        }
        from.position(from.limit()).limit(limit);
        return true;
    }

    private ByteBuffer numbered(long number) {
        message.clear();
        if (message.capacity() >= Long.BYTES) {
            message.putLong(0, number);
        }
        return message;
    }
}
