import type { ReactNode } from "react";
import { Code, Empty } from "../../ui/ui";

/** What a newcomer sees: how the first video gets in. */
export function NoVideos({ how }: { how: ReactNode }) {
  return (
    <Empty icon="film" title="No videos yet">
      <p>{how} Or hand one in from a terminal, with a key of yours in $KEY:</p>
      <Code
        label="Command that uploads a video"
        text={`curl -H "Authorization: Bearer $KEY" --data-binary @video.mp4 \\\n     '${window.location.origin}/videos/upload?filename=video.mp4'`}
      />
    </Empty>
  );
}
