package dev.claimcheck.queue.postgres;

import static org.awaitility.Awaitility.await;

import dev.claimcheck.database.Database;
import dev.claimcheck.database.Notifications;
import dev.claimcheck.database.PostgresAddress;
import dev.claimcheck.database.TestDatabase;
import dev.claimcheck.queue.StepQueue;
import dev.claimcheck.queue.StepQueueContract;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;

/** The contract on a real Postgres. */
class PostgresStepQueueTest extends StepQueueContract {
    private final PostgresAddress address = TestDatabase.fresh();
    private final Database database = Database.open(address, 16);
    private final Notifications notifications = new Notifications(address);
    private final PostgresStepQueue queue = new PostgresStepQueue(database, notifications, Duration.ofMillis(300));

    PostgresStepQueueTest() {
        await().until(notifications::isConnected);
    }

    @AfterEach
    void close() {
        notifications.close();
        database.close();
    }

    @Override
    protected Database database() {
        return database;
    }

    @Override
    protected StepQueue queue() {
        return queue;
    }
}
