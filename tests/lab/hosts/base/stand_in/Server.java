package play.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Executors;

/**
 * A stand-in for SPSE, not SPSE: what tests/spse_stand_in.py answers, in a process of Java with the name of Play's own
 * main class, so that a host has what an audit looks for. It reads conf/application.conf below -Dapplication.path,
 * answers /metrics with the file metrics.txt beside it and its home page with views/home.html, gives a session cookie as
 * application.session.* say, and logs what it could not answer to logs/spse.log, as log4j would.
 */
public final class Server {
    private static final List<String> LKPP = List.of("180.233.156.10", "103.55.160.11", "103.170.105.24");

    private final Path application;
    private final String path;
    private final List<String> allowed;
    private final String cookie;

    private Server(Path application, Properties settings) {
        this.application = application;
        path = settings.getProperty("http.path", "");
        cookie = "SPSE_SESSION=stand-in; Path=/"
            + (settings.getProperty("application.session.secure", "").equals("true") ? "; Secure" : "")
            + (settings.getProperty("application.session.httpOnly", "").equals("true") ? "; HttpOnly" : "");
        allowed = Arrays.asList(settings.getProperty("promotheus.remoteaddr", "").split("[;,\\s]+"));
    }

    public static void main(String[] arguments) throws IOException {
        Path application = Path.of(System.getProperty("application.path"));
        Properties settings = new Properties();
        try (FileInputStream text = new FileInputStream(application.resolve("conf/application.conf").toFile())) {
            settings.load(text);
        }
        String address = settings.getProperty("http.address", "");
        int port = Integer.parseInt(settings.getProperty("http.port", "9000"));
        InetSocketAddress where = address.isEmpty()
            ? new InetSocketAddress(port) : new InetSocketAddress(InetAddress.getByName(address), port);
        HttpServer server = HttpServer.create(where, 50);
        server.createContext("/", new Server(application, settings)::answer);
        server.setExecutor(Executors.newFixedThreadPool(4));
        server.start();
        new Server(application, settings).log("INFO", "started");
        Files.writeString(application.resolve("server.pid"), ProcessHandle.current().pid() + "\n");
    }

    private void answer(HttpExchange exchange) throws IOException {
        String asked = exchange.getRequestURI().getPath();
        String asker = exchange.getRemoteAddress().getAddress().getHostAddress();
        if (asked.equals(path) || asked.equals(path + "/")) {
            exchange.getResponseHeaders().set("Set-Cookie", cookie);
            say(exchange, 200, "text/html", Files.readString(application.resolve("views/home.html")));
        } else if (asked.equals(path + "/lelang")) {
            say(exchange, 200, "text/html", "<!doctype html><title>Tender</title><table id=tbllelang><tr><td>Tidak ada tender</table>");
        } else if (asked.equals(path + "/metrics") && !LKPP.contains(asker) && !allowed.contains(asker)) {
            say(exchange, 403, "text/html", "Akses Ditolak");
        } else if (asked.equals(path + "/metrics")) {
            say(exchange, 200, "text/plain; version=0.0.4", Files.readString(application.resolve("metrics.txt")));
        } else if (asked.startsWith(path + "/@")) {
            say(exchange, 401, "text/html", "Not authorized");
        } else {
            log("WARN", "404 " + asked.length() + " characters");
            say(exchange, 404, "text/html", "Not found");
        }
    }

    private void log(String level, String text) throws IOException {
        String when = LocalDateTime.now().format(DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss,SSS"));
        Files.writeString(application.resolve("logs/spse.log"), when + " " + level + "  ~ " + text + "\n",
            StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private void say(HttpExchange exchange, int status, String kind, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", kind);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
