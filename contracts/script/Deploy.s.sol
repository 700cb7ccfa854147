// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Script} from "forge-std/Script.sol";
import {AgentIdentity} from "../src/AgentIdentity.sol";
import {SageKeyRegistry} from "../src/SageKeyRegistry.sol";
import {IAgentIdentity} from "../src/interfaces/IAgentIdentity.sol";

/// @title Deploys the key registry, and an identity registry where none is named
/// @notice IDENTITY in the environment names the ERC-8004 Identity Registry of the chain; without it one is deployed.
contract Deploy is Script {
    /// @notice Deploys with the sender that forge was given.
    /// @return identity The identity registry, named or new.
    /// @return registry The key registry.
    function run() external returns (IAgentIdentity identity, SageKeyRegistry registry) {
        identity = IAgentIdentity(vm.envOr("IDENTITY", address(0)));
        vm.startBroadcast();
        if (address(identity) == address(0)) {
            identity = new AgentIdentity();
        }
        registry = new SageKeyRegistry(identity);
        vm.stopBroadcast();
    }
}
