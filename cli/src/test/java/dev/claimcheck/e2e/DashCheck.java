package dev.claimcheck.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;

/** A DASH manifest held against the playlists of the same video: the same segments at the same times. */
final class DashCheck {
    private DashCheck() {}

    /** Checks all of it. */
    static void of(Api api, HlsCheck hls) {
        String link = HlsCheck.resolve(hls.master(), "../dash/manifest.mpd");
        Element period = only(parse(api.fetch(link)).getDocumentElement(), "Period");
        Map<String, Element> representations = new HashMap<>();
        for (Element one : elements(period, "Representation")) {
            assertThat(representations.put(one.getAttribute("id"), one)).isNull();
        }
        List<HlsCheck.Track> tracks = new ArrayList<>(hls.variants());
        hls.sounds().forEach(sound -> tracks.add(sound.track()));
        assertSounds(elements(period, "AdaptationSet"), hls.sounds());
        assertThat(representations).hasSameSizeAs(tracks);
        for (HlsCheck.Track track : tracks) {
            String folder = track.name().replaceAll(".*/([^/]+)/[^/]+$", "$1");
            Element said = Optional.ofNullable(representations.get(folder))
                    .orElseThrow(() -> new AssertionError("no representation " + folder));
            assertRepresentation(api, link, said, track);
        }
    }

    /** A set for each track, named and in the language that HLS says. */
    private static void assertSounds(List<Element> sets, List<HlsCheck.Sound> sounds) {
        List<Element> heard = sets.stream()
                .filter(set -> set.getAttribute("contentType").equals("audio"))
                .toList();
        assertThat(heard).hasSameSizeAs(sounds);
        assertThat(sets.stream().map(set -> set.getAttribute("id"))).doesNotHaveDuplicates();
        for (int index = 0; index < heard.size(); index++) {
            Element set = heard.get(index);
            Map<String, String> said = sounds.get(index).said();
            if (!said.isEmpty()) {
                assertThat(only(set, "Label").getTextContent().replace('"', '\''))
                        .isEqualTo(said.get("NAME"));
                assertThat(set.getAttribute("lang")).isEqualTo(said.getOrDefault("LANGUAGE", ""));
                assertThat(elements(set, "Accessibility").isEmpty()).isEqualTo(!said.containsKey("CHARACTERISTICS"));
            }
            assertThat(only(set, "Role").getAttribute("schemeIdUri")).isEqualTo("urn:mpeg:dash:role:2011");
            if (index == 0) {
                assertThat(only(set, "Role").getAttribute("value")).isEqualTo("main");
            }
        }
    }

    private static void assertRepresentation(Api api, String link, Element said, HlsCheck.Track track) {
        assertThat(said.getAttribute("codecs")).isEqualTo(track.codec());
        assertThat(Double.parseDouble(said.getAttribute("bandwidth"))).isGreaterThanOrEqualTo(track.peakBitRate() - 8);
        if (track.text("codec_type").equals("video")) {
            assertThat(said.getAttribute("width")).isEqualTo(track.text("width"));
            assertThat(said.getAttribute("height")).isEqualTo(track.text("height"));
        }
        Element template = only(said, "SegmentTemplate");
        double scale = Double.parseDouble(template.getAttribute("timescale"));
        List<Element> listed = elements(only(template, "SegmentTimeline"), "S");
        assertThat(listed).hasSameSizeAs(track.segments());
        int number = Integer.parseInt(template.getAttribute("startNumber"));
        api.fetch(HlsCheck.resolve(link, template.getAttribute("initialization")));
        for (int index = 0; index < listed.size(); index++) {
            double start = Long.parseLong(listed.get(index).getAttribute("t")) / scale;
            double length = Long.parseLong(listed.get(index).getAttribute("d")) / scale;
            assertThat(length).as("segment %d", index).isCloseTo(track.seconds().get(index), within(0.001));
            assertThat(start)
                    .isCloseTo(
                            track.segments().get(index).start(),
                            within(Math.max(0.002, track.segments().get(index).longest() * 1.01)));
            String media = template.getAttribute("media")
                    .replace("$Number%05d$", String.format(Locale.ROOT, "%05d", number + index));
            assertThat(api.fetch(HlsCheck.resolve(link, media)))
                    .hasSize((int) track.segments().get(index).bytes());
        }
    }

    private static Document parse(byte[] xml) {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            return factory.newDocumentBuilder().parse(new ByteArrayInputStream(xml));
        } catch (ParserConfigurationException | SAXException | IOException e) {
            throw new AssertionError("the manifest is not well-formed", e);
        }
    }

    private static Element only(Element parent, String name) {
        List<Element> found = elements(parent, name);
        assertThat(found).as(name).hasSize(1);
        return found.getFirst();
    }

    private static List<Element> elements(Element parent, String name) {
        var nodes = parent.getElementsByTagName(name);
        List<Element> found = new ArrayList<>();
        for (int index = 0; index < nodes.getLength(); index++) {
            found.add((Element) nodes.item(index));
        }
        return found;
    }
}
