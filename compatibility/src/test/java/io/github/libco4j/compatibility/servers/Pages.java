package io.github.libco4j.compatibility.servers;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.Part;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;

/** The application as a servlet, for all servers that have servlets. */
final class Pages extends HttpServlet {
    private static final long serialVersionUID = 1;
    private final transient Application application;

    Pages(Application application) {
        this.application = application;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException, ServletException {
        try {
            byte[] answer = request.getPathInfo().equals("/session")
                    ? session(request.getSession())
                    : application.get(request.getPathInfo(), request.getQueryString());
            response.setContentLength(answer.length);
            response.getOutputStream().write(answer);
        } catch (SQLException e) {
            throw new ServletException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServletException(e);
        }
    }

    private byte[] session(HttpSession session) {
        application.noteWhere();
        int count = session.getAttribute("count") instanceof Integer before ? before + 1 : 1;
        session.setAttribute("count", count);
        return ("request " + count + " of this session").getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException, ServletException {
        application.noteWhere();
        var answer = new StringBuilder();
        for (Part part : request.getParts()) {
            try (InputStream content = part.getInputStream()) {
                answer.append(Application.part(part.getName(), content));
            }
        }
        response.getWriter().write(answer.toString());
    }
}
