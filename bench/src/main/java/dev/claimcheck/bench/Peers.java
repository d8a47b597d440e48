package dev.claimcheck.bench;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The servers that are measured: Claimcheck as it is packaged, nginx, and the tus server on Node. */
final class Peers {
    private Peers() {}

    /** A server and where it is. */
    record Running(Child child, int port, Path folder) {
        String url(String path) {
            return "http://127.0.0.1:" + port + path;
        }

        String key() throws IOException {
            return Files.readString(folder.resolve("admin-key")).strip();
        }
    }

    static Running claimcheck(Path folder, Map<String, String> environment, String roles)
            throws IOException, InterruptedException {
        int port = freePort();
        Files.createDirectories(folder);
        Child child = new Child(
                List.of(
                        Path.of("claimcheck").toAbsolutePath().toString(),
                        "serve",
                        "--data",
                        folder.toString(),
                        "--port",
                        "" + port,
                        "--roles",
                        roles),
                folder,
                environment);
        Running running = new Running(child, port, folder);
        child.awaitAnswer(running.url("/health/ready"));
        return running;
    }

    static Running nginx(Path folder) throws IOException, InterruptedException {
        int port = freePort();
        Files.createDirectories(folder.resolve("files"));
        Files.createDirectories(folder.resolve("temp"));
        folder.toFile().setExecutable(true, false);
        Files.writeString(folder.resolve("nginx.conf"), """
                user root; daemon off; worker_processes auto; pid %1$s/pid; error_log %1$s/error.log;
                events { worker_connections 1024; }
                http {
                  access_log off; client_max_body_size 0; client_body_temp_path %1$s/temp; keepalive_requests 10000000; sendfile on;
                  server { listen 127.0.0.1:%2$d; root %1$s/files; default_type application/json; location / { dav_methods PUT; create_full_put_path on; } }
                }
                """.formatted(folder, port));
        Files.writeString(folder.resolve("files/index.html"), "ok");
        Running running = new Running(
                new Child(List.of("nginx", "-c", folder.resolve("nginx.conf").toString()), folder, Map.of()),
                port,
                folder);
        running.child().awaitAnswer(running.url("/"));
        return running;
    }

    static Running tus(Path folder) throws IOException, InterruptedException {
        int port = freePort();
        Files.createDirectories(folder.resolve("files"));
        Files.writeString(folder.resolve("package.json"), "{\"type\":\"module\"}");
        Child.run(
                folder,
                "npm",
                "install",
                "--no-audit",
                "--no-fund",
                "--loglevel=error",
                "@tus/server@2",
                "@tus/file-store@2");
        Files.writeString(folder.resolve("server.js"), """
                import { Server } from "@tus/server";
                import { FileStore } from "@tus/file-store";
                new Server({ path: "/files", datastore: new FileStore({ directory: "./files" }) }).listen({ host: "127.0.0.1", port: %d });
                """.formatted(port));
        Running running = new Running(new Child(List.of("node", "server.js"), folder, Map.of()), port, folder);
        running.child().awaitAnswer(running.url("/"));
        return running;
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
