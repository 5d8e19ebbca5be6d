package io.github.libco4j.compatibility.servers;

import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;

/** The application by WebSocket, for all servers that have Jakarta's interface. */
public final class AnsweringEndpoint extends Endpoint {
    private final Application application;

    private AnsweringEndpoint(Application application) {
        this.application = application;
    }

    /** What a container is given. */
    static ServerEndpointConfig of(Application application) {
        return ServerEndpointConfig.Builder.create(AnsweringEndpoint.class, "/socket")
                .configurator(new ServerEndpointConfig.Configurator() {
                    @Override
                    public <T> T getEndpointInstance(Class<T> kind) {
                        return kind.cast(new AnsweringEndpoint(application));
                    }
                })
                .build();
    }

    @Override
    public void onOpen(Session session, EndpointConfig config) {
        session.addMessageHandler(new MessageHandler.Whole<String>() {
            @Override
            public void onMessage(String question) {
                application.noteWhere();
                try {
                    session.getBasicRemote().sendText(application.answer(question));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            }
        });
    }
}
