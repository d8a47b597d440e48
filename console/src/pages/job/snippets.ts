/** How a program would do what this page does. Names from outside go in as JSON or shell strings, never bare. Pure. */
export function snippets(origin: string, jobId: string): { name: string; text: string }[] {
  const job = `${origin}/videos/jobs/${jobId}`;
  return [
    {
      name: "curl",
      text: [
        `# Your key is in $KEY`,
        `curl -H "Authorization: Bearer $KEY" '${job}/status?wait=30s'      # waits for the next change`,
        `curl -H "Authorization: Bearer $KEY" '${job}'                      # everything, as JSON`,
        `curl -N -H "Authorization: Bearer $KEY" '${job}/events'            # what happens, as it happens`,
        `curl -X POST -H "Authorization: Bearer $KEY" '${job}/retry'        # does again what failed`,
      ].join("\n"),
    },
    {
      name: "Java",
      text: [
        `var client = ClaimcheckClient.connect(URI.create("${origin}"), key);`,
        `var status = client.await("${jobId}", Duration.ofHours(1), progress -> {});`,
        `System.out.println(client.resolve(status.videoUrl().orElseThrow()));`,
      ].join("\n"),
    },
    {
      name: "JavaScript",
      text: [
        `const client = new Claimcheck({ baseUrl: "${origin}", key });`,
        `const job = await client.follow("${jobId}", ({ status, progress }) => console.log(status, progress));`,
        `console.log(job.video_url);`,
      ].join("\n"),
    },
  ];
}
