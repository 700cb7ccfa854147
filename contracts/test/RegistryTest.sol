// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Test} from "forge-std/Test.sol";
import {AgentIdentity} from "../src/AgentIdentity.sol";
import {SageKeyRegistry} from "../src/SageKeyRegistry.sol";
import {IAgentIdentity} from "../src/interfaces/IAgentIdentity.sol";
import {Keys} from "./Keys.sol";

/// An identity registry with some agents of strangers, a key registry, and one agent (not number 0) of `owner`.
abstract contract RegistryTest is Test, Keys {
    address internal owner = makeAddr("owner");
    address internal other = makeAddr("other");
    address internal stranger = makeAddr("stranger");

    AgentIdentity internal identity;
    SageKeyRegistry internal registry;
    uint256 internal agentId;
    uint256 internal strangersAgentId;

    function setUp() public virtual {
        vm.warp(1_800_000_000);
        identity = new AgentIdentity();
        registry = new SageKeyRegistry(IAgentIdentity(address(identity)));
        vm.startPrank(stranger);
        identity.register();
        identity.register();
        strangersAgentId = identity.register();
        vm.stopPrank();
        vm.prank(owner);
        agentId = identity.register("ipfs://agent");
    }

    function add(SageKeyRegistry.NewKey memory key) internal returns (bytes32) {
        vm.prank(owner);
        registry.addKeys(agentId, one(key));
        return registry.keyIdOf(key.keyType, key.publicKey);
    }

    function addSecp256k1(uint256 secret) internal returns (bytes32) {
        return add(secp256k1(registry, agentId, secret, 3));
    }

    function listed() internal view returns (SageKeyRegistry.Key[] memory keys) {
        (,,, keys) = registry.resolve(agentId);
    }

    function version() internal view returns (uint64 result) {
        (,, result,) = registry.resolve(agentId);
    }
}
