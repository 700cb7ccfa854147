// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {SageKeyRegistry} from "../src/SageKeyRegistry.sol";
import {RegistryTest} from "./RegistryTest.sol";

/// What each operation costs as a transaction of its own (tools/gas.js runs this isolated and compares).
contract Gas is RegistryTest {
    function test_Gas_Register() public {
        vm.prank(owner);
        identity.register("https://agents.example.org/a.json");
        vm.snapshotGasLastCall("register(uri)");
    }

    function test_Gas_AddSecp256k1() public {
        SageKeyRegistry.NewKey memory key = secp256k1(registry, agentId, 8, 3);
        vm.prank(owner);
        registry.addKeys(agentId, one(key));
        vm.snapshotGasLastCall("addKeys, the first: secp256k1");
        key = secp256k1(registry, agentId, 9, 3);
        vm.prank(owner);
        registry.addKeys(agentId, one(key));
        vm.snapshotGasLastCall("addKeys: secp256k1");
    }

    function test_Gas_AddEd25519() public {
        start();
        SageKeyRegistry.NewKey memory key = ed25519(registry, agentId, bytes32(uint256(8)), 3);
        vm.prank(owner);
        registry.addKeys(agentId, one(key));
        vm.snapshotGasLastCall("addKeys: Ed25519");
    }

    function test_Gas_AddX25519() public {
        start();
        vm.prank(owner);
        registry.addKeys(agentId, one(x25519(8)));
        vm.snapshotGasLastCall("addKeys: X25519");
    }

    /// forge-config: default.evm_version = "osaka"
    function test_Gas_AddP256() public {
        start();
        SageKeyRegistry.NewKey memory key = p256(registry, agentId, 8, 3);
        vm.prank(owner);
        registry.addKeys(agentId, one(key));
        vm.snapshotGasLastCall("addKeys: P-256, by the precompile");
    }

    function test_Gas_AddP256Unproven() public {
        start();
        SageKeyRegistry.NewKey memory key = p256(registry, agentId, 8, 3);
        vm.prank(owner);
        registry.addKeys(agentId, one(key));
        vm.snapshotGasLastCall("addKeys: P-256, left to readers");
    }

    function test_Gas_AgentOfTwoKeysAtOnce() public {
        SageKeyRegistry.NewKey[] memory keys = new SageKeyRegistry.NewKey[](2);
        keys[0] = ed25519(registry, agentId, bytes32(uint256(8)), 3);
        keys[1] = x25519(8);
        vm.prank(owner);
        registry.addKeys(agentId, keys);
        vm.snapshotGasLastCall("addKeys, the first: Ed25519 and X25519");
    }

    function test_Gas_Rotate() public {
        bytes32 keyId = addSecp256k1(7);
        SageKeyRegistry.NewKey memory key = secp256k1(registry, agentId, 8, 3);
        vm.prank(owner);
        registry.rotateKey(agentId, keyId, key);
        vm.snapshotGasLastCall("rotateKey: secp256k1");
    }

    function test_Gas_Revoke() public {
        addSecp256k1(7);
        bytes32 keyId = addSecp256k1(8);
        vm.prank(owner);
        registry.revokeKey(agentId, keyId);
        vm.snapshotGasLastCall("revokeKey");
    }

    function test_Gas_RevokeFirstOf16() public {
        bytes32 keyId = addSecp256k1(7);
        for (uint256 i; i < 15; i++) {
            add(x25519(i));
        }
        vm.prank(owner);
        registry.revokeKey(agentId, keyId);
        vm.snapshotGasLastCall("revokeKey, the first of 16");
    }

    function test_Gas_RevokeBySignature() public {
        addSecp256k1(7);
        bytes32 keyId = addSecp256k1(8);
        bytes memory signature = signSecp256k1(8, registry.revocationMessage(agentId, keyId));
        vm.prank(stranger);
        registry.revokeKeyBySignature(agentId, keyId, signature);
        vm.snapshotGasLastCall("revokeKeyBySignature: secp256k1");
    }

    function test_Gas_RevokeAll() public {
        for (uint256 i; i < 16; i++) {
            add(x25519(i));
        }
        vm.prank(owner);
        registry.revokeAll(agentId);
        vm.snapshotGasLastCall("revokeAll");
    }

    function test_Gas_SetActive() public {
        addSecp256k1(7);
        vm.prank(owner);
        registry.setActive(agentId, false);
        vm.snapshotGasLastCall("setActive");
    }

    function start() private {
        addSecp256k1(7);
    }
}
