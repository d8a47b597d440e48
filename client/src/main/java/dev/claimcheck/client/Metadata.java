package dev.claimcheck.client;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;

/**
 * What the service found in a file.
 *
 * @param duration in seconds
 * @param size in bytes
 * @param bitRate in bits a second
 * @param width after rotation, as {@code height}; both empty of sound alone
 * @param audio the tracks of the sound, the default one first
 * @param json everything the service said of it
 */
public record Metadata(
        String container,
        double duration,
        long size,
        long bitRate,
        boolean hasVideo,
        boolean hasAudio,
        OptionalInt width,
        OptionalInt height,
        double frameRate,
        Optional<String> videoCodec,
        boolean hdr,
        Optional<String> audioCodec,
        List<AudioTrack> audio,
        JsonNode json) {
    /**
     * A track of the sound.
     *
     * @param sampleRate in Hz
     * @param language an RFC 5646 tag, {@code und} where unknown
     * @param purpose {@code programme}, {@code dub}, {@code commentary} or {@code description}
     * @param delivered whether it is among the results
     */
    public record AudioTrack(
            String codec,
            int channels,
            int sampleRate,
            String language,
            String name,
            String purpose,
            boolean delivered) {
        static AudioTrack of(JsonNode json) {
            return new AudioTrack(
                    json.path("codec").asString(""),
                    json.path("channels").asInt(0),
                    json.path("sample_rate").asInt(0),
                    json.path("language").asString("und"),
                    json.path("name").asString(""),
                    json.path("purpose").asString(""),
                    json.path("delivered").asBoolean(true));
        }
    }

    static Metadata of(JsonNode json) {
        return new Metadata(
                json.path("container").asString(""),
                json.path("duration").asDouble(0),
                json.path("size").asLong(0),
                json.path("bit_rate").asLong(0),
                json.path("has_video").asBoolean(false),
                json.path("has_audio").asBoolean(false),
                Json.integer(json, "width"),
                Json.integer(json, "height"),
                json.path("frame_rate").asDouble(0),
                Json.text(json, "video_codec"),
                json.path("hdr").asBoolean(false),
                Json.text(json, "audio_codec"),
                Json.list(json, "audio", AudioTrack::of),
                json);
    }
}
