/** Makes a decoder of server-sent events: it takes bytes as they come and gives the JSON of each event that is whole. */
export function decodeEvents(): (bytes: Uint8Array) => unknown[] {
  const decoder = new TextDecoder();
  let rest = "";
  return (bytes) => {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    return lines.flatMap((line) => {
      if (!line.startsWith("data:")) return [];
      try {
        return [JSON.parse(line.slice(5)) as unknown];
      } catch {
        // "[DONE]", or an event of several lines, which no provider sends.
        return [];
      }
    });
  };
}
