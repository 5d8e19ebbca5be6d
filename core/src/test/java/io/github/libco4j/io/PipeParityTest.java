package io.github.libco4j.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@link Pipe}. */
class PipeParityTest extends Parity {
    private Pipe.SourceChannel source;
    private Pipe.SinkChannel sink;

    @BeforeEach
    void open() throws Exception {
        Pipe pipe = Pipe.open();
        source = closing(pipe.source());
        sink = closing(pipe.sink());
    }

    private int read() throws Exception {
        ByteBuffer buffer = ByteBuffer.allocate(1);
        return source.read(buffer) < 0 ? -1 : buffer.get(0);
    }

    @Test
    void manyBytesPass() throws Exception {
        byte[] bytes = Payload.bytes(3);
        Strand reader = strands.spawn(() -> Payload.read(source));
        Strand writer = strands.run(() -> Payload.write(sink, bytes));
        assertThat(reader.outcome()).isEqualTo("returned " + Payload.checksum(bytes));
        writer.done();
    }

    @Test
    void aGatheringWriteWaitsForRoom() throws Exception {
        byte[] bytes = Payload.bytes(3);
        Strand writer = strands.run(() -> Payload.gather(sink, bytes)).awaitBlocked();
        Strand reader = strands.spawn(() -> Payload.scatter(source));
        assertThat(reader.outcome()).isEqualTo("returned " + Payload.checksum(bytes));
        writer.done();
    }

    @Test
    void theEndOfTheSinkIsTheEndOfTheSource() throws Exception {
        Strand reader = strands.spawn(this::read).awaitBlocked();
        sink.close();
        assertThat(reader.outcome()).isEqualTo("returned -1");
    }

    @Test
    void aSinkWhoseSourceIsGoneIsBroken() throws Exception {
        Strand writer = strands.run(() -> Payload.write(sink, Payload.bytes(3))).awaitBlocked();
        source.close();
        assertThat(writer.outcome()).isEqualTo("threw IOException: Broken pipe");
    }

    @ParameterizedTest
    @EnumSource
    void aCloseEndsABlockedRead(Elsewhere where) throws Exception {
        Strand reader = strands.spawn(this::read).awaitBlocked();
        strands.disturb(where, source::close);
        assertThat(reader.outcome()).isEqualTo("threw AsynchronousCloseException: null");
    }

    @ParameterizedTest
    @EnumSource
    void aCloseEndsABlockedWrite(Elsewhere where) throws Exception {
        Strand writer = strands.run(() -> Payload.write(sink, Payload.bytes(3))).awaitBlocked();
        strands.disturb(where, sink::close);
        assertThat(writer.outcome()).isEqualTo("threw AsynchronousCloseException: null");
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptEndsABlockedRead(Elsewhere where) throws Exception {
        Strand reader = strands.spawn(this::read).awaitBlocked();
        strands.disturb(where, () -> reader.thread().interrupt());
        assertThat(reader.outcome()).isEqualTo("threw ClosedByInterruptException: null, interrupted");
        assertThat(source.isOpen()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptEndsABlockedWrite(Elsewhere where) throws Exception {
        Strand writer = strands.run(() -> Payload.write(sink, Payload.bytes(3))).awaitBlocked();
        strands.disturb(where, () -> writer.thread().interrupt());
        assertThat(writer.outcome()).isEqualTo("threw ClosedByInterruptException: null, interrupted");
        assertThat(sink.isOpen()).isFalse();
    }
}
