/** The pattern that stands where nothing was received: one for the drawing and for the chart that replaces it. */
export function drawHatch(id: string) {
  return (
    <defs>
      <pattern
        id={id}
        width="7"
        height="7"
        patternUnits="userSpaceOnUse"
        patternTransform="rotate(45)"
      >
        <line x1="0" y1="0" x2="0" y2="7" stroke="var(--line)" strokeWidth="3" />
      </pattern>
    </defs>
  );
}
