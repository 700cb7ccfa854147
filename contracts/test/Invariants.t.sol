// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Test} from "forge-std/Test.sol";
import {SageKeyRegistry} from "../src/SageKeyRegistry.sol";
import {History} from "./History.sol";

/// What holds after any history.
contract Invariants is Test {
    History private history;
    SageKeyRegistry private registry;

    function setUp() public {
        vm.warp(1_800_000_000);
        history = new History();
        registry = history.registry();
        targetContract(address(history));
    }

    function invariant_I1_WhatWasRevokedNeverCountsAgain() public view {
        History.Known[] memory ended = history.ended();
        for (uint256 i; i < ended.length; i++) {
            assertFalse(registry.isKeyActive(ended[i].agentId, ended[i].keyId));
        }
    }

    function invariant_I2_AtMost16DifferentKeysAreListedAndNoneIsRevoked() public view {
        for (uint256 agent; agent < history.AGENTS(); agent++) {
            (, bool active,, SageKeyRegistry.Key[] memory keys) = registry.resolve(agent);
            assertLe(keys.length, 16);
            for (uint256 i; i < keys.length; i++) {
                assertEq(keys[i].revokedAt, 0);
                assertEq(registry.isKeyActive(agent, keys[i].keyId), active);
                for (uint256 j; j < i; j++) {
                    assertNotEq(keys[i].keyId, keys[j].keyId);
                }
            }
        }
    }

    function invariant_I3_VersionsNeverFallAndStrangersNeverWrite() public view {
        assertEq(history.versionFell(), 0);
        assertEq(history.strangersWrote(), 0);
    }

    function invariant_I4_ListedKeysAreOfTheOwnersEpoch() public view {
        for (uint256 agent; agent < history.AGENTS(); agent++) {
            (address owner,, uint32 epoch,) = registry.getAgent(agent);
            (address resolved,,, SageKeyRegistry.Key[] memory keys) = registry.resolve(agent);
            assertEq(owner, history.identity().ownerOf(agent));
            assertEq(resolved, owner);
            for (uint256 i; i < keys.length; i++) {
                assertEq(keys[i].epoch, epoch);
            }
        }
    }

    function invariant_I5_ThereIsNoEther() public view {
        assertEq(address(registry).balance, 0);
        assertEq(history.etherTaken(), 0);
    }

    function invariant_I6_LogsAloneRebuildEveryAgent() public view {
        for (uint256 agent; agent < history.AGENTS(); agent++) {
            assertEq(encodeResolved(agent), encodeReplayed(agent));
        }
    }

    function invariant_I7_EveryEventHasTheNextVersion() public view {
        assertEq(history.replay().gaps(), 0);
        for (uint256 agent; agent < history.AGENTS(); agent++) {
            (,,, uint64 version) = registry.getAgent(agent);
            assertEq(version, history.replay().eventCount(agent));
        }
    }

    function encodeResolved(uint256 agent) private view returns (bytes memory) {
        (address owner, bool active, uint64 version, SageKeyRegistry.Key[] memory keys) = registry.resolve(agent);
        return abi.encode(owner, active, version, keys);
    }

    function encodeReplayed(uint256 agent) private view returns (bytes memory) {
        (address owner, bool active, uint64 version, SageKeyRegistry.Key[] memory keys) =
            history.replay().document(agent);
        return abi.encode(owner, active, version, keys);
    }
}
