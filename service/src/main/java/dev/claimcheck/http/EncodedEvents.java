package dev.claimcheck.http;

import dev.claimcheck.events.Event;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** The latest events as a stream's bytes: written once, however many readers get them. Bounded, without locks; who loses a race writes once more. Thread-safe. */
final class EncodedEvents {
    private static final int PLACES = 1 << 10;

    private record Encoded(long id, ByteBuffer bytes) {}

    private final AtomicReferenceArray<@Nullable Encoded> latest = new AtomicReferenceArray<>(PLACES);

    /** Its bytes, not to be changed. */
    ByteBuffer of(Event event) {
        int place = (int) (event.id() & (PLACES - 1));
        Encoded known = latest.get(place);
        if (known != null && known.id() == event.id()) {
            return known.bytes();
        }
        ByteBuffer bytes = Answer.utf8(
                "id: " + event.id() + "\nevent: " + event.type() + "\ndata: " + EventStream.json(event) + "\n\n");
        latest.set(place, new Encoded(event.id(), bytes));
        return bytes;
    }
}
