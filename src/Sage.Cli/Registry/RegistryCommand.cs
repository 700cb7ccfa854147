namespace Sage.Cli;

/// <summary><c>sage registry</c>: agents and their keys on a chain.</summary>
internal static class RegistryCommand
{
    public static CliCommand Create(Terminal terminal)
    {
        CliCommand command = new("registry", "Agents and their keys on an Ethereum chain.")
        {
            RegistryDeployCommand.Create(terminal),
            RegistryRegisterCommand.Create(terminal),
            RegistryKeysCommand.Create(terminal),
            RegistryRevokeAllCommand.Create(terminal),
            RegistryTransferCommand.Create(terminal),
            RegistryActiveCommand.Create(terminal, isActive: false),
            RegistryActiveCommand.Create(terminal, isActive: true),
            RegistryResolveCommand.Create(terminal),
            RegistryWatchCommand.Create(terminal),
        };
        command.Examples =
        [
            "export SAGE_PASSPHRASE='long and secret'",
            "sage keys generate --algorithm secp256k1 --store keys.json --name owner",
            "sage keys generate --algorithm ed25519 --store keys.json --name signing",
            "sage registry deploy --rpc http://127.0.0.1:8545 --chain-id 31337 --store keys.json --max-fee 30 --out deployment.json",
            "sage registry register --rpc http://127.0.0.1:8545 --deployment deployment.json --store keys.json --max-fee 30",
            "sage registry keys add signing --agent 0 --rpc http://127.0.0.1:8545 --deployment deployment.json --store keys.json --max-fee 30",
            "sage registry resolve did:sage:eip155:31337:0x…:0 --rpc http://127.0.0.1:8545 --deployment deployment.json",
        ];
        return command;
    }
}
