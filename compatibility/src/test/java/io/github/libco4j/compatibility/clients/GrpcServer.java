package io.github.libco4j.compatibility.clients;

import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** A service whose messages are plain text, so that nothing has to be generated. */
final class GrpcServer {
    private static final String SERVICE = "Text";

    static final MethodDescriptor<String, String> ASK = method("Ask", MethodType.UNARY);
    /** Answers some times. */
    static final MethodDescriptor<String, String> COUNT = method("Count", MethodType.SERVER_STREAMING);
    static final int STREAMED = 5;
    /** Does not answer. */
    static final MethodDescriptor<String, String> NEVER = method("Never", MethodType.UNARY);

    private GrpcServer() {}

    public static void main(String[] args) throws Exception {
        NettyServerBuilder.forAddress(ServerProcess.local(Integer.parseInt(args[0])))
                .addService(ServerServiceDefinition.builder(SERVICE)
                        .addMethod(ASK, ServerCalls.asyncUnaryCall(GrpcServer::answer))
                        .addMethod(COUNT, ServerCalls.asyncServerStreamingCall(GrpcServer::count))
                        .addMethod(NEVER, ServerCalls.asyncUnaryCall((question, answers) -> {}))
                        .build())
                .build()
                .start();
        ServerProcess.serve();
    }

    private static void answer(String question, StreamObserver<String> answers) {
        answers.onNext("answer to " + question);
        answers.onCompleted();
    }

    private static void count(String question, StreamObserver<String> answers) {
        for (int i = 0; i < STREAMED; i++) {
            answers.onNext(question + " " + i);
        }
        answers.onCompleted();
    }

    private static MethodDescriptor<String, String> method(String name, MethodType type) {
        return MethodDescriptor.<String, String>newBuilder()
                .setType(type)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, name))
                .setRequestMarshaller(new Text())
                .setResponseMarshaller(new Text())
                .build();
    }

    private static final class Text implements MethodDescriptor.Marshaller<String> {
        @Override
        public InputStream stream(String text) {
            return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public String parse(InputStream stream) {
            try (stream) {
                return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
