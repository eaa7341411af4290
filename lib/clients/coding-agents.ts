import { type Client, EXPORTER_VARIABLES } from "@/lib/clients/client";

const REPOSITORY = `export OTEL_RESOURCE_ATTRIBUTES="team.id=platform,repository=$(basename "$PWD")"`;

/** What `service.name` says of each: their calls are found by it, whoever's sub-agent made them. */
export const CODING_AGENT_SERVICES = [
  "claude-code",
  "codex_cli_rs",
  "codex_exec",
  "codex_vscode",
  "gemini-cli",
  "qwen-code",
  "github-copilot",
  "copilot-chat",
  "opencode",
] as const;

/** Coding agents: what most teams pay for first. */
export const CODING_AGENTS: readonly Client[] = [
  {
    id: "claude-code",
    title: "Claude Code",
    kind: "coding agent",
    steps: [
      {
        where: "Shell",
        text: `export CLAUDE_CODE_ENABLE_TELEMETRY=1
export OTEL_LOGS_EXPORTER=otlp
${EXPORTER_VARIABLES.text}
${REPOSITORY}
claude`,
      },
    ],
  },
  {
    id: "codex",
    title: "Codex",
    kind: "coding agent",
    steps: [
      {
        where: "~/.codex/config.toml",
        text: `[otel]
environment = "prod"
log_user_prompt = false

[otel.exporter."otlp-http"]
endpoint = "{origin}/v1/logs"
protocol = "binary"

[otel.exporter."otlp-http".headers]
"x-api-key" = "{key}"`,
      },
      { where: "Shell", text: `${REPOSITORY}\ncodex` },
    ],
  },
  {
    id: "gemini-cli",
    title: "Gemini CLI",
    kind: "coding agent",
    steps: [
      {
        where: "Shell",
        text: `export GEMINI_TELEMETRY_ENABLED=true
export GEMINI_TELEMETRY_TARGET=local
export GEMINI_TELEMETRY_OTLP_ENDPOINT={origin}
export GEMINI_TELEMETRY_OTLP_PROTOCOL=http
export GEMINI_TELEMETRY_LOG_PROMPTS=false
export OTEL_EXPORTER_OTLP_HEADERS="x-api-key={key}"
${REPOSITORY}
gemini`,
      },
    ],
  },
  {
    id: "qwen-code",
    title: "Qwen Code",
    kind: "coding agent",
    steps: [
      {
        where: "Shell",
        text: `export QWEN_TELEMETRY_ENABLED=true
export QWEN_TELEMETRY_OTLP_ENDPOINT={origin}
export QWEN_TELEMETRY_OTLP_PROTOCOL=http
export QWEN_TELEMETRY_LOG_PROMPTS=false
export OTEL_EXPORTER_OTLP_HEADERS="x-api-key={key}"
qwen`,
      },
    ],
  },
  {
    id: "copilot",
    title: "GitHub Copilot CLI",
    kind: "coding agent",
    steps: [
      {
        where: "Shell",
        text: `export COPILOT_OTEL_ENABLED=true
${EXPORTER_VARIABLES.text}
${REPOSITORY}
copilot`,
      },
    ],
  },
  {
    id: "copilot-chat",
    title: "GitHub Copilot Chat (VS Code)",
    kind: "coding agent",
    steps: [
      {
        where: "Shell",
        text: `export COPILOT_OTEL_ENABLED=true
${EXPORTER_VARIABLES.text}
code .`,
      },
    ],
  },
  {
    id: "opencode",
    title: "OpenCode",
    kind: "coding agent",
    steps: [
      {
        where: "opencode.json",
        text: `{
  "$schema": "https://opencode.ai/config.json",
  "experimental": { "openTelemetry": true }
}`,
      },
      {
        where: "Shell",
        text: `export OTEL_EXPORTER_OTLP_ENDPOINT={origin}
export OTEL_EXPORTER_OTLP_HEADERS="x-api-key={key}"
${REPOSITORY}
opencode`,
      },
    ],
  },
];
